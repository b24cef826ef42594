package io.hoptoll.model;

/**
 * Takes what a node's agent made of its sidecars' entries; must not block. {@link #span} takes
 * those that the agent leaves to the taker to join.
 */
public interface HalfHopSink extends SpanSink {
  /** After the exchanges that it names. */
  void half(HalfHopReport half);

  /**
   * The entry has come and waits for its sockets: its half follows, so others of its request may
   * wait for it.
   */
  void announced(SidecarSpan span);
}
