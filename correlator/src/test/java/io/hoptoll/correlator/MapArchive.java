package io.hoptoll.correlator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps everything in a map: what an archive has to do and no more. */
final class MapArchive implements Archive {
  static final List<Tier> TIERS =
      List.of(new Tier(10, 7_200), new Tier(60, 172_800), new Tier(600, 2_592_000));

  private record Key(int seconds, long start, String name) {}

  private final Map<Key, Entry> parts =
      new TreeMap<>(
          java.util.Comparator.comparingInt(Key::seconds)
              .thenComparingLong(Key::start)
              .thenComparing(Key::name));
  final Map<String, byte[]> notes = new HashMap<>();
  int reads;
  long bytes;

  @Override
  public List<Tier> tiers() {
    return TIERS;
  }

  @Override
  public void write(Tier tier, long startSecond, List<Entry> window) {
    for (Entry part : window) {
      parts.put(new Key(tier.seconds(), startSecond, Arrays.toString(part.name())), part);
      bytes += part.value().length;
    }
  }

  @Override
  public byte @Nullable [] read(Tier tier, long startSecond, byte[] name) {
    reads++;
    Entry part = parts.get(new Key(tier.seconds(), startSecond, Arrays.toString(name)));
    return part == null ? null : part.value();
  }

  @Override
  public List<Entry> scan(Tier tier, long startSecond, byte kind) {
    List<Entry> found = new ArrayList<>();
    parts.forEach(
        (key, part) -> {
          boolean own = key.seconds == tier.seconds() && key.start == startSecond;
          if (own && part.name()[0] == kind) {
            found.add(part);
          }
        });
    return found;
  }

  @Override
  public long lastStart(Tier tier) {
    return parts.keySet().stream()
        .filter(k -> k.seconds == tier.seconds())
        .mapToLong(Key::start)
        .max()
        .orElse(-1);
  }

  @Override
  public byte @Nullable [] note(String key) {
    return notes.get(key);
  }

  @Override
  public void writeNote(String key, byte[] value) {
    notes.put(key, value);
  }
}
