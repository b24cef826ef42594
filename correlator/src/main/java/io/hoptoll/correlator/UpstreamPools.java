package io.hoptoll.correlator;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.UpstreamPool;

/** What each pod's sockets say of its pools: connections that opened or broke. */
final class UpstreamPools {
  private final Openings openings = new Openings();
  private final Resets resets = new Resets();

  void exchange(PodKey pod, Exchange e) {
    if (e.turn() == 0) {
      openings.add(pod, e.tuple().remote(), e.role(), e.opening());
    }
  }

  void connection(PodKey pod, Connection c) {
    openings.add(pod, c.tuple().remote(), c.role(), c.opening());
    resets.add(pod, c);
  }

  /**
   * Streams of one connection do not wait for each other, so nothing is freed for them.
   *
   * @param freeNanos when the connection that the request got was free
   * @param sentNanos when the request was sent on it
   */
  UpstreamPool of(PodKey pod, SidecarSpan span, long startNanos, long freeNanos, long sentNanos) {
    Endpoint remote = span.upstreamRemote();
    // only attempts that failed make a reset the request's own
    boolean isRetried = span.outcome().attempts() > 1;
    return new UpstreamPool(
        freeNanos,
        openings.during(pod, remote, startNanos, sentNanos),
        isRetried ? resets.during(pod, remote.port(), startNanos, sentNanos) : 0);
  }
}
