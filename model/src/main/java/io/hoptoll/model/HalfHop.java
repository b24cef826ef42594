package io.hoptoll.model;

import org.jspecify.annotations.Nullable;

/**
 * What one pod knows of a hop: its sidecar span plus the exchanges of its sockets. In a client pod
 * {@code app} is E1, {@code downstream} E2, {@code upstream} E3; in a server pod {@code downstream}
 * is E4, {@code upstream} E5, {@code app} E6. Either app side may be there: a sidecar between two
 * sockets of its own pod has both.
 *
 * @param startNanos the span's start on the node's monotonic clock
 * @param sockets what its sockets say: where none is watched, one object for all
 */
public record HalfHop(SidecarSpan span, String node, long netns, long startNanos, Sockets sockets) {
  /**
   * @param callingApp the app's socket that called this sidecar (E1), if it is in this pod
   * @param downstream the sidecar's accepted socket (E2 or E4)
   * @param upstream the sidecar's socket towards the upstream (E3 or E5)
   * @param servingApp the app's accepted socket behind the sidecar (E6), if it is in this pod
   * @param pool the connections it could have waited for
   */
  public record Sockets(
      @Nullable Exchange callingApp,
      @Nullable Exchange downstream,
      @Nullable Exchange upstream,
      @Nullable Exchange servingApp,
      UpstreamPool pool) {
    public static final Sockets NONE = new Sockets(null, null, null, null, UpstreamPool.UNKNOWN);

    /** Whether any of them was seen. */
    public boolean isSeen() {
      return callingApp != null || downstream != null || upstream != null || servingApp != null;
    }
  }

  /** Each as in {@link Sockets}. */
  public HalfHop(
      SidecarSpan span,
      String node,
      long netns,
      long startNanos,
      @Nullable Exchange callingApp,
      @Nullable Exchange downstream,
      @Nullable Exchange upstream,
      @Nullable Exchange servingApp,
      UpstreamPool pool) {
    this(
        span,
        node,
        netns,
        startNanos,
        new Sockets(callingApp, downstream, upstream, servingApp, pool));
  }

  public @Nullable Exchange callingApp() {
    return sockets.callingApp;
  }

  public @Nullable Exchange downstream() {
    return sockets.downstream;
  }

  public @Nullable Exchange upstream() {
    return sockets.upstream;
  }

  public @Nullable Exchange servingApp() {
    return sockets.servingApp;
  }

  public UpstreamPool pool() {
    return sockets.pool;
  }

  /** The span's end on the node's monotonic clock; its start where it has no duration. */
  public long endNanos() {
    long duration = span.durationNanos();
    return startNanos + (Nanos.isSet(duration) ? duration : 0);
  }

  /**
   * The whole request went on to the upstream, and no answer came from there before it was given
   * up: {@code time_to_first_upstream_rx_byte} is unset, and the sockets saw none that the sidecar
   * only did not read in time.
   */
  public boolean isUnanswered() {
    return span.protocol() != SidecarSpan.Protocol.TCP
        && Nanos.isSet(span.lastRxNanos())
        && Nanos.isSet(span.firstUpstreamTxNanos())
        && !Nanos.isSet(span.firstUpstreamRxNanos())
        && !answerCameInTime();
  }

  private boolean answerCameInTime() {
    Exchange upstream = upstream();
    Exchange app = servingApp();
    return cameInTime(upstream == null ? Nanos.UNSET : upstream.marks().readyFirstNanos())
        || cameInTime(app == null ? Nanos.UNSET : app.marks().sendFirstNanos());
  }

  private boolean cameInTime(long answerNanos) {
    return Nanos.isSet(answerNanos) && answerNanos < endNanos();
  }

  /** A span offset as an instant of the node's monotonic clock. */
  public long at(long spanOffsetNanos) {
    return Nanos.plus(startNanos, spanOffsetNanos);
  }
}
