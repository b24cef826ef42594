package io.hoptoll.wire;

import io.hoptoll.model.Burst;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHopReport;
import io.hoptoll.model.HalfHopSink;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.HttpMessage;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.Pod;
import io.hoptoll.model.PodSink;
import io.hoptoll.model.PortRewrite;
import io.hoptoll.model.ProcessSample;
import io.hoptoll.model.RunningProcess;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SocketProtocol;
import io.hoptoll.model.SocketSink;
import io.hoptoll.model.TransportEvent;

/** Calls of the sinks → rows; the caller has made sure of room. {@link Reader} is its mirror. */
record Writer(RowOut out) implements SocketSink, PodSink, HalfHopSink {
  @Override
  public void exchange(Exchange exchange) {
    TurnRows.write(out, exchange);
  }

  @Override
  public void connection(Connection connection) {
    TurnRows.write(out, connection);
  }

  @Override
  public void transport(TransportEvent event) {
    SocketRows.write(out, event);
  }

  @Override
  public void drop(PacketDrop drop) {
    SocketRows.write(out, drop);
  }

  @Override
  public void burst(Burst burst) {
    SocketRows.write(out, burst);
  }

  @Override
  public void protocol(SocketProtocol protocol) {
    SocketRows.write(out, protocol);
  }

  @Override
  public void tlsCall(HttpCall call) {
    SocketRows.write(out, call);
  }

  @Override
  public void message(HttpMessage message) {
    SocketRows.write(out, message);
  }

  @Override
  public void rewrite(PortRewrite rewrite) {
    SocketRows.write(out, rewrite);
  }

  @Override
  public void process(ProcessSample sample) {
    NodeRows.write(out, sample);
  }

  @Override
  public void running(RunningProcess process) {
    NodeRows.write(out, process);
  }

  @Override
  public void namespace(NetworkNamespace namespace) {
    NodeRows.write(out, namespace);
  }

  @Override
  public void clock(ClockSample sample) {
    NodeRows.write(out, sample);
  }

  @Override
  public void lost(String node, long records) {
    NodeRows.writeLost(out, records);
  }

  @Override
  public void span(SidecarSpan span) {
    SpanRows.write(out, SpanRows.SPAN, span);
  }

  @Override
  public void announced(SidecarSpan span) {
    SpanRows.write(out, SpanRows.ANNOUNCED, span);
  }

  @Override
  public void half(HalfHopReport half) {
    HalfRows.write(out, half);
  }

  @Override
  public void pod(Pod pod) {
    NodeRows.write(out, pod);
  }
}
