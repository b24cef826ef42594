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
import java.util.ArrayList;
import java.util.List;

/** Keeps everything in the order of its coming. */
final class Recording implements SocketSink, PodSink {
  record Lost(String node, long records) {}

  private final List<Record> records = new ArrayList<>();

  /** So far. */
  synchronized List<Record> all() {
    return List.copyOf(records);
  }

  private synchronized void add(Record record) {
    records.add(record);
  }

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
    } else if (r instanceof HttpMessage m) {
      sockets.message(m);
    } else if (r instanceof PortRewrite w) {
      sockets.rewrite(w);
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
    add(exchange);
  }

  @Override
  public void connection(Connection connection) {
    add(connection);
  }

  @Override
  public void transport(TransportEvent event) {
    add(event);
  }

  @Override
  public void drop(PacketDrop drop) {
    add(drop);
  }

  @Override
  public void burst(Burst burst) {
    add(burst);
  }

  @Override
  public void protocol(SocketProtocol protocol) {
    add(protocol);
  }

  @Override
  public void message(HttpMessage message) {
    add(message);
  }

  @Override
  public void rewrite(PortRewrite rewrite) {
    add(rewrite);
  }

  @Override
  public void process(ProcessSample sample) {
    add(sample);
  }

  @Override
  public void running(RunningProcess process) {
    add(process);
  }

  @Override
  public void namespace(NetworkNamespace namespace) {
    add(namespace);
  }

  @Override
  public void clock(ClockSample sample) {
    add(sample);
  }

  @Override
  public void lost(String node, long records) {
    add(new Lost(node, records));
  }

  @Override
  public void pod(Pod pod) {
    add(pod);
  }
}
