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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the agent's threads leave records, as numbers: they never wait. With {@link
 * Limits#FILLED_BATCHES} batches not taken, new records are given up and counted.
 */
final class Intake implements SocketSink, PodSink, HalfHopSink {
  private final String node;
  private final Runnable filledOne;
  private final NodeState state = new NodeState();
  private final Deque<RowOut> filled = new ArrayDeque<>();
  private Clock clock = Clock.measure();
  private RowOut open;
  private Writer writer;
  private long shed;
  private long lostUntold;

  /**
   * @param filledOne called by the thread that filled a batch
   */
  Intake(String node, Runnable filledOne) {
    this.node = node;
    this.filledOne = filledOne;
    this.open = new RowOut(System.nanoTime(), clock.offsetNanos());
    this.writer = new Writer(open);
  }

  /** The oldest batch: a filled one, or the open one if there is anything in it. */
  synchronized @Nullable RowOut take() {
    RowOut oldest = filled.pollFirst();
    if (oldest != null) {
      return oldest;
    }
    if (open.isEmpty() && lostUntold == 0) {
      return null;
    }
    RowOut taken = open;
    reopen(taken);
    return taken;
  }

  /** These records were given up after they had left here; the server is told with the next. */
  synchronized void lost(long records) {
    lostUntold += records;
  }

  /** Records given up here since the start. */
  synchronized long shed() {
    return shed;
  }

  /** The node's clocks as of the latest sample. */
  synchronized Clock clock() {
    return clock;
  }

  /** What is on the node now, as batches. */
  List<RowOut> state() {
    List<Record> all;
    synchronized (this) {
      all = state.all();
    }
    Deque<RowOut> batches = new ArrayDeque<>();
    for (Record record : all) {
      if (batches.isEmpty() || !batches.getLast().hasRoom()) {
        batches.addLast(new RowOut(System.nanoTime(), clock().offsetNanos()));
      }
      Writer one = new Writer(batches.getLast());
      NodeState.tell(record, one, one);
    }
    return List.copyOf(batches);
  }

  private synchronized void put(Consumer<Writer> write) {
    if (!open.hasRoom()) {
      if (filled.size() >= Limits.FILLED_BATCHES) {
        shed++;
        lostUntold++;
        return;
      }
      filled.addLast(open);
      reopen(open);
      filledOne.run();
    }
    write.accept(writer);
  }

  private void reopen(RowOut before) {
    if (lostUntold > 0) { // hasRoom() leaves room for it
      new Writer(before).lost(node, lostUntold);
      lostUntold = 0;
    }
    open = new RowOut(System.nanoTime(), clock.offsetNanos());
    writer = new Writer(open);
  }

  @Override
  public void exchange(Exchange exchange) {
    put(w -> w.exchange(exchange));
  }

  @Override
  public void connection(Connection connection) {
    put(w -> w.connection(connection));
  }

  @Override
  public void transport(TransportEvent event) {
    put(w -> w.transport(event));
  }

  @Override
  public void drop(PacketDrop drop) {
    put(w -> w.drop(drop));
  }

  @Override
  public void burst(Burst burst) {
    put(w -> w.burst(burst));
  }

  @Override
  public void protocol(SocketProtocol protocol) {
    put(w -> w.protocol(protocol));
  }

  @Override
  public void tlsCall(HttpCall call) {
    put(w -> w.tlsCall(call));
  }

  @Override
  public void message(HttpMessage message) {
    put(w -> w.message(message));
  }

  @Override
  public void rewrite(PortRewrite rewrite) {
    put(w -> w.rewrite(rewrite));
  }

  @Override
  public void process(ProcessSample sample) {
    put(w -> w.process(sample));
  }

  @Override
  public synchronized void running(RunningProcess process) {
    state.running(process);
    put(w -> w.running(process));
  }

  @Override
  public synchronized void namespace(NetworkNamespace namespace) {
    state.namespace(namespace);
    put(w -> w.namespace(namespace));
  }

  @Override
  public synchronized void pod(Pod pod) {
    state.pod(pod);
    put(w -> w.pod(pod));
  }

  @Override
  public synchronized void clock(ClockSample sample) {
    clock = new Clock(sample.monotonicNanos(), sample.offsetNanos(), sample.boundNanos());
    put(w -> w.clock(sample));
  }

  @Override
  public void span(SidecarSpan span) {
    put(w -> w.span(span));
  }

  @Override
  public void announced(SidecarSpan span) {
    put(w -> w.announced(span));
  }

  @Override
  public void half(HalfHopReport half) {
    put(w -> w.half(half));
  }

  @Override
  public void lost(String ofNode, long records) {
    put(w -> w.lost(ofNode, records));
  }
}
