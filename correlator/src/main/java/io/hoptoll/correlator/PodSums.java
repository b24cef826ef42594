package io.hoptoll.correlator;

import io.hoptoll.model.Party;

/** What one server pod's calls of an edge took, by whose time it was. */
final class PodSums {
  /** Those whose time depends on the pod that serves. */
  private static final int PARTIES = 3;

  private long calls;

  /** {@link io.hoptoll.model.SidecarSpan#isError}. */
  private long errors;

  /** By {@link #index}, ns. */
  private final long[] nanos = new long[PARTIES];

  void call(boolean isError) {
    calls++;
    errors += isError ? 1 : 0;
  }

  /** A caller's own time is not the server pod's: left out. */
  void leg(Party party, long itsNanos) {
    int index = index(party);
    if (index >= 0) {
      nanos[index] += itsNanos;
    }
  }

  /** The archive's order; -1: not told apart by pod. */
  private static int index(Party party) {
    return switch (party) {
      case SERVER_APP -> 0;
      case SERVER_SIDECAR -> 1;
      case TRANSPORT -> 2;
      case CLIENT_APP, CLIENT_SIDECAR, UNDETERMINED -> -1;
    };
  }

  void add(PodSums other) {
    calls += other.calls;
    errors += other.errors;
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] += other.nanos[i];
    }
  }

  long calls() {
    return calls;
  }

  long errors() {
    return errors;
  }

  /** Share (0..1) of its calls. */
  double errorShare() {
    return calls == 0 ? 0 : (double) errors / calls;
  }

  /** Of a call, ns; 0 of who is not told apart by pod. The app's is without the calls it made. */
  double mean(Party party) {
    int index = index(party);
    return calls == 0 || index < 0 ? 0 : (double) nanos[index] / calls;
  }

  void write(Out out) {
    out.number(calls).number(errors);
    for (long each : nanos) {
      out.number(each);
    }
  }

  static PodSums read(In in) {
    PodSums sums = new PodSums();
    sums.calls = in.number();
    sums.errors = in.number();
    for (int i = 0; i < PARTIES; i++) {
      sums.nanos[i] = in.number();
    }
    return sums;
  }
}
