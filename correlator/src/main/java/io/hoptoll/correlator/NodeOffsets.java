package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.ClockOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The difference of each two nodes' monotonic clocks, from the exchanges between them. An exchange
 * that contradicts the rest may be a wrong pair: nothing is said until one agrees again. If they go
 * on and agree with each other, a clock has moved (a machine was suspended, or came back under its
 * name), and what they say counts.
 */
final class NodeOffsets {
  /** So many that agree with each other prove that those before are out of date. */
  private static final int PROOF = 8;

  private record Pair(String first, String second) {}

  private static final class Bands {
    OffsetBand believed = new OffsetBand();
    @Nullable OffsetBand challenger;
  }

  private final Map<Pair, Bands> pairs = new LinkedHashMap<>(16, 0.75f, true);
  private final JoinCounters counters;

  NodeOffsets(JoinCounters counters) {
    this.counters = counters;
  }

  /**
   * One exchange: {@code low ≤ server's clock − client's clock ≤ high}.
   *
   * @param clientNanos when, by the client's clock
   * @param serverNanos by the server's
   */
  void add(
      String client,
      String server,
      long clientNanos,
      long serverNanos,
      long lowNanos,
      long highNanos) {
    boolean ordered = client.compareTo(server) < 0;
    Bands bands =
        pairs.computeIfAbsent(
            ordered ? new Pair(client, server) : new Pair(server, client), p -> new Bands());
    if (pairs.size() > Limits.NODE_PAIRS) {
      pairs.remove(pairs.keySet().iterator().next());
    }
    if (ordered) {
      add(bands, clientNanos, lowNanos, highNanos);
    } else {
      add(bands, serverNanos, -highNanos, -lowNanos);
    }
  }

  private void add(Bands bands, long atNanos, long lowNanos, long highNanos) {
    if (bands.believed.add(atNanos, lowNanos, highNanos)) {
      bands.challenger = null;
      return;
    }
    OffsetBand challenger = bands.challenger;
    if (challenger == null || !challenger.add(atNanos, lowNanos, highNanos)) {
      challenger = new OffsetBand();
      challenger.add(atNanos, lowNanos, highNanos);
    }
    bands.challenger = challenger;
    if (challenger.samples() >= PROOF) {
      counters.add(Count.NODE_CLOCK_MOVED);
      bands.believed = challenger;
      bands.challenger = null;
    }
  }

  /** Server's − client's clock, at an instant of both. */
  ClockOffset at(String client, String server, long clientNanos, long serverNanos) {
    if (pairs.isEmpty()) {
      return ClockOffset.UNKNOWN;
    }
    boolean ordered = client.compareTo(server) < 0;
    Bands bands = pairs.get(ordered ? new Pair(client, server) : new Pair(server, client));
    if (bands == null || bands.challenger != null) {
      return ClockOffset.UNKNOWN;
    }
    long at = ordered ? clientNanos : serverNanos;
    long middle = bands.believed.middleAt(at);
    long bound = bands.believed.boundAt(at);
    return new ClockOffset(ordered ? middle : -middle, bound, false);
  }
}
