package io.hoptoll.correlator.pods;

import io.hoptoll.model.Nanos;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many requests each process answered lately, by when it was asked: sockets tell within the
 * idle flush (200 ms), access logs seconds later.
 */
final class Answered {
  /** Of one step of time; a ring of them reaches {@link #STEPS} steps back. */
  private static final long STEP_NANOS = 250 * Nanos.PER_MILLI;

  private static final int STEPS = 64;

  private record Port(ProcessRef process, int port) {}

  /** Of one port: counts by step, the oldest overwritten. */
  static final class Counts {
    private final Port port;

    /** Sockets may still have it. */
    private boolean isForgotten;

    private final int[] counts = new int[STEPS];
    private long latest = Long.MIN_VALUE;

    private Counts(Port port) {
      this.port = port;
    }

    private void add(long askedNanos) {
      long step = Math.floorDiv(askedNanos, STEP_NANOS);
      if (latest == Long.MIN_VALUE || step - latest >= STEPS) {
        Arrays.fill(counts, 0);
        latest = step;
      }
      while (latest < step) {
        counts[(int) Math.floorMod(++latest, (long) STEPS)] = 0;
      }
      if (latest - step < STEPS) {
        counts[(int) Math.floorMod(step, (long) STEPS)]++;
      }
    }

    private long since(long fromNanos) {
      if (latest == Long.MIN_VALUE) {
        return 0;
      }
      long from = Math.max(Math.floorDiv(fromNanos, STEP_NANOS) + 1, latest - STEPS + 1);
      long sum = 0;
      for (long step = from; step <= latest; step++) {
        sum += counts[(int) Math.floorMod(step, (long) STEPS)];
      }
      return sum;
    }
  }

  private final Map<Port, Counts> ports =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Port, Counts> eldest) {
          boolean isFull = size() > Limits.PORTS_ANSWERING;
          eldest.getValue().isForgotten = isFull;
          return isFull;
        }
      };

  /** Those of a port, to be kept by its sockets: a look-up less for each request. */
  Counts of(ProcessRef process, int port) {
    return ports.computeIfAbsent(new Port(process, port), Counts::new);
  }

  /**
   * What a socket that keeps these adds to: the map does not hear of it and may have forgotten
   * them, then they are back in it; or those that took their place.
   */
  Counts kept(Counts own) {
    if (!own.isForgotten) {
      return own;
    }
    own.isForgotten = false;
    Counts other = ports.putIfAbsent(own.port, own);
    own.isForgotten = other != null;
    return other == null ? own : other;
  }

  /** Its pid may be another process' next. */
  void ended(ProcessRef process) {
    ports
        .entrySet()
        .removeIf(
            e -> {
              boolean isIts = e.getKey().process.equals(process);
              e.getValue().isForgotten |= isIts;
              return isIts;
            });
  }

  /**
   * @param askedNanos by the correlator's clock
   */
  static void add(Counts own, long askedNanos) {
    own.add(askedNanos);
  }

  /** Answered requests that the process was asked after this time, of the last 16 s. */
  long since(ProcessRef process, int port, long fromNanos) {
    Counts own = ports.get(new Port(process, port));
    return own == null ? 0 : own.since(fromNanos);
  }
}
