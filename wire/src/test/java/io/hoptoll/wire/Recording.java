package io.hoptoll.wire;

import io.hoptoll.model.Burst;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.Pod;
import io.hoptoll.model.PodSink;
import io.hoptoll.model.ProcessSample;
import io.hoptoll.model.RunningProcess;
import io.hoptoll.model.SocketProtocol;
import io.hoptoll.model.SocketSink;
import io.hoptoll.model.TransportEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps everything in the order of its coming. */
final class Recording implements SocketSink, PodSink {
  record Lost(String node, long records) {}

  final List<Record> all = new CopyOnWriteArrayList<>();

  /** Gives a record to the method that takes its kind. */
  static void give(Record r, SocketSink sockets, PodSink pods) {
    if (r instanceof Exchange e) {
      sockets.exchange(e);
    } else if (r instanceof Connection c) {
      sockets.connection(c);
    } else if (r instanceof TransportEvent e) {
      sockets.transport(e);
    } else if (r instanceof PacketDrop d) {
      sockets.drop(d);
    } else if (r instanceof Burst b) {
      sockets.burst(b);
    } else if (r instanceof SocketProtocol p) {
      sockets.protocol(p);
    } else if (r instanceof ProcessSample s) {
      sockets.process(s);
    } else if (r instanceof RunningProcess p) {
      sockets.running(p);
    } else if (r instanceof NetworkNamespace n) {
      sockets.namespace(n);
    } else if (r instanceof ClockSample c) {
      sockets.clock(c);
    } else if (r instanceof Lost l) {
      sockets.lost(l.node(), l.records());
    } else {
      pods.pod((Pod) r);
    }
  }

  @Override
  public void exchange(Exchange exchange) {
    all.add(exchange);
  }

  @Override
  public void connection(Connection connection) {
    all.add(connection);
  }

  @Override
  public void transport(TransportEvent event) {
    all.add(event);
  }

  @Override
  public void drop(PacketDrop drop) {
    all.add(drop);
  }

  @Override
  public void burst(Burst burst) {
    all.add(burst);
  }

  @Override
  public void protocol(SocketProtocol protocol) {
    all.add(protocol);
  }

  @Override
  public void process(ProcessSample sample) {
    all.add(sample);
  }

  @Override
  public void running(RunningProcess process) {
    all.add(process);
  }

  @Override
  public void namespace(NetworkNamespace namespace) {
    all.add(namespace);
  }

  @Override
  public void clock(ClockSample sample) {
    all.add(sample);
  }

  @Override
  public void lost(String node, long records) {
    all.add(new Lost(node, records));
  }

  @Override
  public void pod(Pod pod) {
    all.add(pod);
  }
}
