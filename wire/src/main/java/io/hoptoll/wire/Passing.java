package io.hoptoll.wire;

import io.hoptoll.model.Burst;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HttpMessage;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.Pod;
import io.hoptoll.model.PodSink;
import io.hoptoll.model.PortRewrite;
import io.hoptoll.model.ProcessSample;
import io.hoptoll.model.RunningProcess;
import io.hoptoll.model.SocketProtocol;
import io.hoptoll.model.SocketSink;
import io.hoptoll.model.TransportEvent;

/** Hands a node's records on to the server's sinks, and remembers what is on the node. */
record Passing(NodeState state, SocketSink sockets, PodSink pods) implements SocketSink, PodSink {
  @Override
  public void exchange(Exchange exchange) {
    sockets.exchange(exchange);
  }

  @Override
  public void connection(Connection connection) {
    sockets.connection(connection);
  }

  @Override
  public void transport(TransportEvent event) {
    sockets.transport(event);
  }

  @Override
  public void drop(PacketDrop drop) {
    sockets.drop(drop);
  }

  @Override
  public void burst(Burst burst) {
    sockets.burst(burst);
  }

  @Override
  public void protocol(SocketProtocol protocol) {
    sockets.protocol(protocol);
  }

  @Override
  public void message(HttpMessage message) {
    sockets.message(message);
  }

  @Override
  public void rewrite(PortRewrite rewrite) {
    sockets.rewrite(rewrite);
  }

  @Override
  public void process(ProcessSample sample) {
    sockets.process(sample);
  }

  @Override
  public void running(RunningProcess process) {
    state.running(process);
    sockets.running(process);
  }

  @Override
  public void namespace(NetworkNamespace namespace) {
    state.namespace(namespace);
    sockets.namespace(namespace);
  }

  @Override
  public void clock(ClockSample sample) {
    sockets.clock(sample);
  }

  @Override
  public void lost(String node, long records) {
    sockets.lost(node, records);
  }

  @Override
  public void pod(Pod pod) {
    state.pod(pod);
    pods.pod(pod);
  }
}
