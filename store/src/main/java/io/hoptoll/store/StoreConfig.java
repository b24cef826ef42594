package io.hoptoll.store;

import io.hoptoll.correlator.Archive.Tier;
import java.nio.file.Path;
import java.util.List;

/**
 * @param directory made if it is not there; one process at a time
 * @param tiers finest first
 * @param maxBytes of the windows' files: above, the oldest goes first, whatever its retention
 * @param maxRequestBytes of the files of single requests, beside those
 */
public record StoreConfig(Path directory, List<Tier> tiers, long maxBytes, long maxRequestBytes) {
  public StoreConfig {
    tiers = List.copyOf(tiers);
  }

  /** The three lengths of windows, each kept for so many seconds. */
  public static List<Tier> tiers(long tenSeconds, long minutes, long tenMinutes) {
    return List.of(new Tier(10, tenSeconds), new Tier(60, minutes), new Tier(600, tenMinutes));
  }
}
