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
import java.util.ArrayList;
import java.util.List;

/** Keeps everything in the order of its coming. */
final class Recording implements SocketSink, PodSink, HalfHopSink {
  record Lost(String node, long records) {}

  record Announced(SidecarSpan span) {}

  private final List<Object> records = new ArrayList<>();

  /** So far. */
  synchronized List<Object> all() {
    return List.copyOf(records);
  }

  private synchronized void add(Object record) {
    records.add(record);
  }

  /** Gives a record to the method that takes its kind. */
  static <S extends SocketSink & PodSink & HalfHopSink> void give(Object r, S sink) {
    if (r instanceof Exchange e) {
      sink.exchange(e);
    } else if (r instanceof Connection c) {
      sink.connection(c);
    } else if (r instanceof TransportEvent e) {
      sink.transport(e);
    } else if (r instanceof PacketDrop d) {
      sink.drop(d);
    } else if (r instanceof Burst b) {
      sink.burst(b);
    } else if (r instanceof SocketProtocol p) {
      sink.protocol(p);
    } else if (r instanceof HttpMessage m) {
      sink.message(m);
    } else if (r instanceof HttpCall c) {
      sink.tlsCall(c);
    } else if (r instanceof PortRewrite w) {
      sink.rewrite(w);
    } else if (r instanceof ProcessSample s) {
      sink.process(s);
    } else if (r instanceof RunningProcess p) {
      sink.running(p);
    } else if (r instanceof NetworkNamespace n) {
      sink.namespace(n);
    } else if (r instanceof ClockSample c) {
      sink.clock(c);
    } else if (r instanceof Lost l) {
      sink.lost(l.node(), l.records());
    } else if (r instanceof SidecarSpan s) {
      sink.span(s);
    } else if (r instanceof Announced a) {
      sink.announced(a.span());
    } else if (r instanceof HalfHopReport h) {
      sink.half(h);
    } else {
      sink.pod((Pod) r);
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
  public void tlsCall(HttpCall call) {
    add(call);
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
  public void span(SidecarSpan span) {
    add(span);
  }

  @Override
  public void announced(SidecarSpan span) {
    add(new Announced(span));
  }

  @Override
  public void half(HalfHopReport half) {
    add(half);
  }

  @Override
  public void pod(Pod pod) {
    add(pod);
  }
}
