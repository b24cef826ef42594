package io.hoptoll.agent;

import io.hoptoll.model.Burst;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.ProcessSample;
import io.hoptoll.model.SocketSink;
import io.hoptoll.model.TransportEvent;
import org.jspecify.annotations.Nullable;

/** Where the agent's own part ends. The latest is kept, so that making it is not optimised away. */
final class NoSink implements SocketSink {
  volatile @Nullable Object latest;

  @Override
  public void exchange(Exchange exchange) {
    latest = exchange;
  }

  @Override
  public void connection(Connection connection) {
    latest = connection;
  }

  @Override
  public void transport(TransportEvent event) {
    latest = event;
  }

  @Override
  public void drop(PacketDrop drop) {
    latest = drop;
  }

  @Override
  public void burst(Burst burst) {
    latest = burst;
  }

  @Override
  public void process(ProcessSample sample) {
    latest = sample;
  }

  @Override
  public void namespace(NetworkNamespace namespace) {
    latest = namespace;
  }

  @Override
  public void clock(ClockSample sample) {
    latest = sample;
  }

  @Override
  public void lost(String node, long records) {}
}
