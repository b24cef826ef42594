package io.hoptoll.model;

import org.jspecify.annotations.Nullable;

/**
 * What one pod knows of a hop: its sidecar span plus the exchanges of its sockets. In a client pod
 * {@code app} is E1, {@code downstream} E2, {@code upstream} E3; in a server pod {@code downstream}
 * is E4, {@code upstream} E5, {@code app} E6. Either app side may be there: a sidecar between two
 * sockets of its own pod has both.
 *
 * @param startNanos the span's start on the node's monotonic clock
 * @param callingApp the app's socket that called this sidecar (E1), if it is in this pod
 * @param downstream the sidecar's accepted socket (E2 or E4)
 * @param upstream the sidecar's socket towards the upstream (E3 or E5)
 * @param servingApp the app's accepted socket behind the sidecar (E6), if it is in this pod
 * @param pool the connections it could have waited for
 */
public record HalfHop(
    SidecarSpan span,
    String node,
    long netns,
    long startNanos,
    @Nullable Exchange callingApp,
    @Nullable Exchange downstream,
    @Nullable Exchange upstream,
    @Nullable Exchange servingApp,
    UpstreamPool pool) {

  /** The span's end on the node's monotonic clock; its start where it has no duration. */
  public long endNanos() {
    long duration = span.times().durationNanos();
    return startNanos + (Nanos.isSet(duration) ? duration : 0);
  }

  /**
   * The whole request went on to the upstream, and no answer came from there before it was given
   * up: {@code time_to_first_upstream_rx_byte} is unset, and the sockets saw none that the sidecar
   * only did not read in time.
   */
  public boolean isUnanswered() {
    SidecarSpan.Times t = span.times();
    return span.protocol() != SidecarSpan.Protocol.TCP
        && Nanos.isSet(t.lastRxNanos())
        && Nanos.isSet(t.firstUpstreamTxNanos())
        && !Nanos.isSet(t.firstUpstreamRxNanos())
        && !cameInTime(upstream == null ? Nanos.UNSET : upstream.marks().readyFirstNanos())
        && !cameInTime(servingApp == null ? Nanos.UNSET : servingApp.marks().sendFirstNanos());
  }

  private boolean cameInTime(long answerNanos) {
    return Nanos.isSet(answerNanos) && answerNanos < endNanos();
  }

  /** A span offset as an instant of the node's monotonic clock. */
  public long at(long spanOffsetNanos) {
    return Nanos.plus(startNanos, spanOffsetNanos);
  }
}
