package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.Burst;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.HalfHopReport;
import io.hoptoll.model.HalfHopSink;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.PortRewrite;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Protocol;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The correlating half of an agent: the entries and sockets of its node → half hops, by the same
 * {@link PodJoin} that a server runs. Entries that it cannot join go on as they came: those of TCP
 * connections, whose turns a server joins as long as they live, and those of pods that are not on
 * this node. One thread at a time, which gives the time, as in {@link Correlator}.
 */
public final class NodeJoin {
  private final JoinCounters counters = new JoinCounters();
  private final ClockMap clocks = new ClockMap();
  private final PodDirectory pods = new PodDirectory();
  private final HalfHopSink out;

  /** Of those that wait: told to the taker. At most {@link Limits#SPANS_WAITING}. */
  private final Set<SidecarSpan> announced = Collections.newSetFromMap(new IdentityHashMap<>());

  // Which requests no entry told, and which exchanges are a TCP connection's, the server finds out.
  private final ExchangeIndex exchanges =
      new ExchangeIndex(counters, new AccessLogLoss((served, told) -> {}), 0);

  private final PodJoin podJoin = new PodJoin(clocks, pods, exchanges, counters, new Halves());

  /**
   * @param out told in order: an exchange that a half names must have been told before by whoever
   *     called {@link #exchange}
   */
  public NodeJoin(HalfHopSink out) {
    this.out = out;
  }

  private final class Halves implements PodJoin.Out {
    @Override
    public void half(HalfHop half) {
      out.half(HalfHopReport.of(half, announced.remove(half.span())));
    }

    @Override
    public void waits(SidecarSpan span) {
      announced.add(span);
      out.announced(span);
    }
  }

  /** An entry that one of the node's sidecars wrote. */
  public void span(SidecarSpan span, long nowNanos) {
    counters.add(Count.SPANS_IN);
    if (span.protocol() == Protocol.TCP || pods.resolve(span) == PodKey.UNKNOWN) {
      out.span(span);
    } else {
      podJoin.span(span, nowNanos);
    }
  }

  public void exchange(Exchange exchange, long nowNanos) {
    counters.add(Count.EXCHANGES_IN);
    podJoin.exchange(exchange, nowNanos);
  }

  public void connection(Connection connection) {
    podJoin.connection(connection);
  }

  public void burst(Burst burst) {
    podJoin.burst(burst);
  }

  public void rewrite(PortRewrite rewrite) {
    exchanges.rewrite(rewrite);
  }

  public void namespace(NetworkNamespace namespace) {
    pods.namespace(namespace);
  }

  public void clock(ClockSample sample) {
    clocks.add(sample);
  }

  /** Joins what is complete and gives up what has waited long enough. Call about every 50 ms. */
  public void tick(long nowNanos) {
    podJoin.tick(nowNanos);
  }

  /** Gives up all that waits: nothing more comes. */
  public void close(long nowNanos) {
    podJoin.tick(nowNanos + Limits.SPAN_WAIT_NANOS);
  }

  /** Entries that wait for their sockets. */
  public int waiting() {
    return podJoin.waiting();
  }

  public JoinCounters counters() {
    return counters;
  }
}
