package io.hoptoll.model;

/** Takes sidecar spans; must not block. Called by several threads. */
@FunctionalInterface
public interface SpanSink {
  void span(SidecarSpan span);

  /** Whether it leaves out requests at the moment: then {@link #takes} is to be asked. */
  default boolean leavesOut() {
    return false;
  }

  /**
   * Whether it takes the entries of a request, all or none. Asked before a span is made of one, so
   * that what is left out costs little; a request without an id is not asked about.
   *
   * @param requestHash 64 bits of the request's id
   */
  default boolean takes(long requestHash, long startWallNanos) {
    return true;
  }

  /** So many entries were not made spans, because it does not take them. */
  default void leftOut(int entries) {}

  /** All spans of this stream have been handed on. */
  default void ended(LogStream stream) {}
}
