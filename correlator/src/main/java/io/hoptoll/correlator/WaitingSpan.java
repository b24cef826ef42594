package io.hoptoll.correlator;

import io.hoptoll.model.SidecarSpan;

/** An entry that waits for its sockets' exchanges. */
final class WaitingSpan {
  final SidecarSpan span;
  final long arrivedNanos;
  long nextLookNanos;

  /** A tick has looked for them in vain. */
  boolean looked;

  WaitingSpan(SidecarSpan span, long nowNanos) {
    this.span = span;
    this.arrivedNanos = nowNanos;
    this.nextLookNanos = nowNanos;
  }
}
