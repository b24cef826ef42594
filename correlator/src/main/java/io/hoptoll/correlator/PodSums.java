package io.hoptoll.correlator;

import io.hoptoll.model.Party;

/** What one server pod's calls of an edge took, by whose time it was. */
final class PodSums {
  /** Those that differ from pod to pod; the archive's order. */
  private static final Party[] PARTIES = {Party.SERVER_APP, Party.SERVER_SIDECAR, Party.TRANSPORT};

  private long calls;

  /** {@link io.hoptoll.model.SidecarSpan#isError}. */
  private long errors;

  private final long[] nanos = new long[Party.values().length];

  void call(boolean isError) {
    calls++;
    errors += isError ? 1 : 0;
  }

  void leg(Party party, long itsNanos) {
    nanos[party.ordinal()] += itsNanos;
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

  /** Of a call, ns. */
  double mean(Party party) {
    return calls == 0 ? 0 : (double) nanos[party.ordinal()] / calls;
  }

  void write(Out out) {
    out.number(calls).number(errors);
    for (Party party : PARTIES) {
      out.number(nanos[party.ordinal()]);
    }
  }

  static PodSums read(In in) {
    PodSums sums = new PodSums();
    sums.calls = in.number();
    sums.errors = in.number();
    for (Party party : PARTIES) {
      sums.nanos[party.ordinal()] = in.number();
    }
    return sums;
  }
}
