package io.hoptoll.wire;

import io.hoptoll.wire.v1.Batch;
import io.hoptoll.wire.v1.Hello;
import io.hoptoll.wire.v1.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server knows of one node: who may speak for it, what is applied. Its lock is held while
 * a batch is applied, so that no two streams apply at once.
 */
final class NodeAccount {
  private static final Logger LOG = LoggerFactory.getLogger(NodeAccount.class);

  private final String node;
  private final Outlet outlet;
  private final NodeState state = new NodeState();
  private final Passing passing;
  private final NodeCounters counters = new NodeCounters();
  private @Nullable Object holder;
  private String bootId = "";
  private long epoch;
  private int boots = -1;
  private long applied;
  private long expectedSinceNanos;
  private boolean isExpecting;

  NodeAccount(String node, Outlet outlet) {
    this.node = node;
    this.outlet = outlet;
    this.passing = new Passing(state, outlet);
  }

  /**
   * Lets this stream speak for the node, if no other agent does.
   *
   * @return last sequence number applied, or negative: refused
   */
  synchronized long take(Hello hello, Object stream, String address, long nowNanos) {
    boolean isSameAgent = hello.getEpoch() == epoch && hello.getBootId().equals(bootId);
    if (isHeld(nowNanos) && !isSameAgent) {
      return -1;
    }
    if (!hello.getBootId().equals(bootId)) {
      boots++;
      state.endAll(outlet.sockets(), outlet.pods());
    }
    if (!isSameAgent) {
      applied = 0;
      state.expectAll();
      isExpecting = true;
      expectedSinceNanos = nowNanos;
    }
    bootId = hello.getBootId();
    epoch = hello.getEpoch();
    holder = stream;
    counters.hello(hello, address, nowNanos);
    return applied;
  }

  /** Who holds it, in words. */
  synchronized String holderWords() {
    return "%s has an agent already, at %s, heard within the last %d s"
        .formatted(node, counters.address(), Limits.LEASE.toSeconds());
  }

  private boolean isHeld(long nowNanos) {
    return holder != null && counters.silentNanos(nowNanos) < Limits.LEASE.toNanos();
  }

  synchronized boolean holds(Object stream) {
    return holder == stream;
  }

  synchronized void release(Object stream) {
    if (holder == stream) {
      holder = null;
      counters.disconnected();
    }
  }

  /** Hands a batch on unless that was done; returns the number to acknowledge, 0: none. */
  synchronized long apply(Batch batch, Object stream, long nowNanos) {
    if (holder != stream) {
      return 0;
    }
    counters.heard(nowNanos);
    if (batch.getSequence() != 0 && batch.getSequence() <= applied) {
      counters.duplicate();
      return applied;
    }
    read(batch);
    applied = Math.max(applied, batch.getSequence());
    counters.applied(applied);
    return batch.getSequence() == 0 ? 0 : applied;
  }

  private void read(Batch batch) {
    try {
      var rows = Packed.unpack(batch.getRows());
      counters.batch(rows.getBaseWallNanos());
      counters.read(Reader.read(node, new SocketIds(boots), rows, passing));
    } catch (WireException e) {
      long n = counters.malformed();
      outlet.sockets().lost(node, batch.getRecords());
      if (Long.bitCount(n) == 1) {
        LOG.warn("agent of {}: {} batches could not be read; latest: {}", node, n, e.getMessage());
      }
    }
  }

  synchronized void status(Status status, long nowNanos) {
    counters.status(status, nowNanos);
  }

  /**
   * What a new agent has not told again is gone; all of it once the node is silent for long.
   *
   * @return whether nothing is left of it
   */
  synchronized boolean sweep(long nowNanos) {
    if (isExpecting && nowNanos - expectedSinceNanos > Limits.TELL_AGAIN.toNanos()) {
      isExpecting = false;
      state.endUnconfirmed(outlet.sockets(), outlet.pods());
    }
    boolean isSilent = counters.silentNanos(nowNanos) > Limits.FORGET_NODE.toNanos();
    if (holder == null && isSilent) {
      state.endAll(outlet.sockets(), outlet.pods());
    }
    return holder == null && state.size() == 0;
  }

  long silentNanos(long nowNanos) {
    return counters.silentNanos(nowNanos);
  }

  AgentView view() {
    return counters.view(node);
  }
}
