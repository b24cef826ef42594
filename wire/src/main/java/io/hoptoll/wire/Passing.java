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

/** Hands a node's records on to the server's sinks, and remembers what is on the node. */
record Passing(NodeState state, Outlet outlet) implements SocketSink, PodSink, HalfHopSink {
  @Override
  public void exchange(Exchange exchange) {
    outlet.sockets().exchange(exchange);
  }

  @Override
  public void connection(Connection connection) {
    outlet.sockets().connection(connection);
  }

  @Override
  public void transport(TransportEvent event) {
    outlet.sockets().transport(event);
  }

  @Override
  public void drop(PacketDrop drop) {
    outlet.sockets().drop(drop);
  }

  @Override
  public void burst(Burst burst) {
    outlet.sockets().burst(burst);
  }

  @Override
  public void protocol(SocketProtocol protocol) {
    outlet.sockets().protocol(protocol);
  }

  @Override
  public void tlsCall(HttpCall call) {
    outlet.sockets().tlsCall(call);
  }

  @Override
  public void message(HttpMessage message) {
    outlet.sockets().message(message);
  }

  @Override
  public void rewrite(PortRewrite rewrite) {
    outlet.sockets().rewrite(rewrite);
  }

  @Override
  public void process(ProcessSample sample) {
    outlet.sockets().process(sample);
  }

  @Override
  public void running(RunningProcess process) {
    state.running(process);
    outlet.sockets().running(process);
  }

  @Override
  public void namespace(NetworkNamespace namespace) {
    state.namespace(namespace);
    outlet.sockets().namespace(namespace);
  }

  @Override
  public void clock(ClockSample sample) {
    outlet.sockets().clock(sample);
  }

  @Override
  public void lost(String node, long records) {
    outlet.sockets().lost(node, records);
  }

  @Override
  public void span(SidecarSpan span) {
    outlet.entries().span(span);
  }

  @Override
  public void announced(SidecarSpan span) {
    outlet.entries().announced(span);
  }

  @Override
  public void half(HalfHopReport half) {
    outlet.entries().half(half);
  }

  @Override
  public void pod(Pod pod) {
    state.pod(pod);
    outlet.pods().pod(pod);
  }
}
