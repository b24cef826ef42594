package io.hoptoll.correlator;

/** A hop on its way into a request's tree. */
final class WaitingHop {
  final PathNode node;
  final long arrivedNanos;
  boolean attached;
  boolean emitted;

  WaitingHop(PathNode node, long arrivedNanos) {
    this.node = node;
    this.arrivedNanos = arrivedNanos;
  }
}
