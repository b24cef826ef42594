package io.hoptoll.correlator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Memory only. */
final class NoArchive implements Archive {
  @Override
  public List<Tier> tiers() {
    return List.of();
  }

  @Override
  public void write(Tier tier, long startSecond, List<Entry> parts) {
    // nothing is kept
  }

  @Override
  public byte @Nullable [] read(Tier tier, long startSecond, byte[] name) {
    return null;
  }

  @Override
  public List<Entry> scan(Tier tier, long startSecond, byte kind) {
    return List.of();
  }

  @Override
  public long lastStart(Tier tier) {
    return -1;
  }

  @Override
  public byte @Nullable [] note(String key) {
    return null;
  }

  @Override
  public void writeNote(String key, byte[] value) {
    // nothing is kept
  }
}
