package io.hoptoll.correlator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where windows are kept that memory has no room for: by tier, start and name. The correlator's
 * thread calls it; writes may be late or fail, what is then missing reads as no traffic.
 */
public interface Archive {
  /** Nothing is kept. */
  Archive NONE = new NoArchive();

  /**
   * Windows of one length.
   *
   * @param seconds length of each; each tier's is a multiple of the one's before
   * @param keptSeconds how long they are kept
   */
  record Tier(int seconds, long keptSeconds) {}

  /**
   * A part of a window.
   *
   * @param name its first byte is the kind of part
   */
  record Entry(byte[] name, byte[] value) {}

  /** Finest first; none: nothing is kept. */
  List<Tier> tiers();

  /** Replaces parts of a window. */
  void write(Tier tier, long startSecond, List<Entry> parts);

  byte @Nullable [] read(Tier tier, long startSecond, byte[] name);

  /** All parts of one kind. */
  List<Entry> scan(Tier tier, long startSecond, byte kind);

  /** Start of the tier's last window; -1: it has none. */
  long lastStart(Tier tier);

  /** What stands beside the windows, such as the words that they are written in. */
  byte @Nullable [] note(String key);

  void writeNote(String key, byte[] value);
}
