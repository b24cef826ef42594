package io.hoptoll.app.profile;

import io.hoptoll.correlator.Sketch;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Leg;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Party;
import io.hoptoll.model.ProcessSample;

/** What a trigger judges, second by second, of one pod. */
public final class PodMeter {
  /** Of the latest seconds. */
  public record Reading(
      long requests, double errorRate, double p99Nanos, double cpus, double sidecarShare) {}

  private static final class Second {
    long at;
    Sketch totals = new Sketch();
    long errors;
    long sidecarNanos;
    long cpuNanos;
  }

  private final PodInstance pod;
  private final Second[] seconds;
  private boolean isServing;

  PodMeter(PodInstance pod, int windowSeconds) {
    this.pod = pod;
    seconds = new Second[windowSeconds];
    for (int i = 0; i < windowSeconds; i++) {
      seconds[i] = new Second();
    }
  }

  /**
   * A call of the pod, of the second in which it was joined: late ones count too.
   *
   * @param served it answered the call, else it made it
   */
  void add(Hop hop, boolean served, long wallNanos) {
    if (served && !isServing) {
      isServing = true;
      forget();
    }
    if (served != isServing) {
      return;
    }
    Second second = at(wallNanos);
    second.totals.add(hop.ledger().totalNanos());
    second.errors += hop.outer().span().isError() ? 1 : 0;
    Party own = served ? Party.SERVER_SIDECAR : Party.CLIENT_SIDECAR;
    for (Leg leg : hop.ledger().legs()) {
      second.sidecarNanos += leg.party() == own ? leg.nanos() : 0;
    }
  }

  void add(ProcessSample sample, long wallNanos) {
    if (pod.isAt(sample.node(), sample.netns())) {
      at(wallNanos).cpuNanos += sample.cpuNanos();
    }
  }

  /** Of the latest seconds, this one included. */
  Reading read(long wallNanos) {
    long now = wallNanos / Nanos.PER_SECOND;
    Sketch totals = new Sketch();
    long errors = 0;
    long sidecar = 0;
    long cpu = 0;
    for (Second s : seconds) {
      if (s.at > now - seconds.length && s.at <= now) {
        totals.add(s.totals);
        errors += s.errors;
        sidecar += s.sidecarNanos;
        cpu += s.cpuNanos;
      }
    }
    double all = Math.max(1, totals.count());
    return new Reading(
        totals.count(),
        errors / all,
        totals.quantile(0.99),
        (double) cpu / Nanos.PER_SECOND / seconds.length,
        (double) sidecar / Math.max(1, totals.sumNanos()));
  }

  private Second at(long wallNanos) {
    long now = wallNanos / Nanos.PER_SECOND;
    Second second = seconds[(int) (now % seconds.length)];
    if (second.at != now) {
      second = new Second();
      second.at = now;
      seconds[(int) (now % seconds.length)] = second;
    }
    return second;
  }

  private void forget() {
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = new Second();
    }
  }
}
