package io.hoptoll.agent;

import io.hoptoll.model.Burst;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.HttpMessage;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.PortRewrite;
import io.hoptoll.model.ProcessSample;
import io.hoptoll.model.RunningProcess;
import io.hoptoll.model.SocketProtocol;
import io.hoptoll.model.SocketSink;
import io.hoptoll.model.TransportEvent;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Keeps what the agent reports; of an exchange the latest report. */
final class Recorder implements SocketSink {
  /** A guest without KVM is slow: {@code -Dhoptoll.patience=SECONDS}. */
  private static final long PATIENCE_NANOS = Long.getLong("hoptoll.patience", 5) * 1_000_000_000L;

  private record Turn(long socket, int turn) {}

  private final Map<Turn, Exchange> exchanges = new ConcurrentHashMap<>();

  /** Reports of a turn whose end had been reported before. */
  final Queue<Exchange> again = new ConcurrentLinkedQueue<>();

  final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
  final Queue<TransportEvent> events = new ConcurrentLinkedQueue<>();
  final Queue<PacketDrop> drops = new ConcurrentLinkedQueue<>();

  final Queue<SocketProtocol> protocols = new ConcurrentLinkedQueue<>();
  final Queue<HttpCall> tlsCalls = new ConcurrentLinkedQueue<>();
  final Queue<HttpMessage> messages = new ConcurrentLinkedQueue<>();
  final Queue<PortRewrite> rewrites = new ConcurrentLinkedQueue<>();
  final Queue<Burst> bursts = new ConcurrentLinkedQueue<>();
  final Queue<NetworkNamespace> namespaces = new ConcurrentLinkedQueue<>();
  final Queue<ProcessSample> samples = new ConcurrentLinkedQueue<>();
  final Queue<RunningProcess> running = new ConcurrentLinkedQueue<>();
  final Queue<ClockSample> clocks = new ConcurrentLinkedQueue<>();

  @Override
  public void exchange(Exchange e) {
    Exchange before = exchanges.put(new Turn(e.socketId(), e.turn()), e);
    if (before != null && !before.has(Exchange.FLUSHED)) {
      again.add(e);
    }
  }

  @Override
  public void connection(Connection c) {
    connections.add(c);
  }

  @Override
  public void transport(TransportEvent e) {
    events.add(e);
  }

  @Override
  public void drop(PacketDrop d) {
    drops.add(d);
  }

  @Override
  public void burst(Burst b) {
    bursts.add(b);
  }

  @Override
  public void protocol(SocketProtocol p) {
    protocols.add(p);
  }

  @Override
  public void tlsCall(HttpCall call) {
    tlsCalls.add(call);
  }

  @Override
  public void message(HttpMessage message) {
    messages.add(message);
  }

  @Override
  public void rewrite(PortRewrite rewrite) {
    rewrites.add(rewrite);
  }

  @Override
  public void process(ProcessSample s) {
    samples.add(s);
  }

  @Override
  public void running(RunningProcess p) {
    running.add(p);
  }

  @Override
  public void namespace(NetworkNamespace n) {
    namespaces.add(n);
  }

  @Override
  public void clock(ClockSample c) {
    clocks.add(c);
  }

  @Override
  public void lost(String node, long records) {
    throw new AssertionError(records + " records lost");
  }

  Collection<Exchange> all() {
    return exchanges.values();
  }

  /** Matching exchanges in order of socket and turn, once there are {@code count} of them. */
  List<Exchange> await(int count, Predicate<Exchange> filter) throws InterruptedException {
    return until(count, () -> exchanges.values().stream().filter(filter).sorted(ORDER).toList());
  }

  /** Waits until there are {@code count} exchanges. */
  void awaitAll(int count) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (exchanges.size() < count && System.nanoTime() < deadline) {
      Thread.sleep(5);
    }
  }

  /** Matching connection reports in order of arrival, once there are {@code count} of them. */
  List<Connection> awaitConnections(int count, Predicate<Connection> filter)
      throws InterruptedException {
    return until(count, () -> connections.stream().filter(filter).toList());
  }

  /** Matching events in order of arrival, once there are {@code count} of them. */
  List<TransportEvent> awaitEvents(int count, Predicate<TransportEvent> filter)
      throws InterruptedException {
    return until(count, () -> events.stream().filter(filter).toList());
  }

  /** Matching protocols in order of arrival, once there are {@code count} reports. */
  List<SocketProtocol> awaitProtocols(int count, Predicate<SocketProtocol> filter)
      throws InterruptedException {
    return until(count, () -> protocols.stream().filter(filter).toList());
  }

  /** Matching calls in order of arrival, once there are {@code count} of them. */
  List<HttpCall> awaitTlsCalls(int count, Predicate<HttpCall> filter) throws InterruptedException {
    return until(count, () -> tlsCalls.stream().filter(filter).toList());
  }

  /** Rewritten ports, once there are {@code count} of them. */
  List<PortRewrite> awaitRewrites(int count) throws InterruptedException {
    return until(count, () -> List.copyOf(rewrites));
  }

  /** Matching heads in order of arrival, once there are {@code count} reports. */
  List<HttpMessage> awaitMessages(int count, Predicate<HttpMessage> filter)
      throws InterruptedException {
    return until(count, () -> messages.stream().filter(filter).toList());
  }

  /** Matching drops in order of arrival, once there are {@code count} reports. */
  List<PacketDrop> awaitDrops(int count, Predicate<PacketDrop> filter) throws InterruptedException {
    return until(count, () -> drops.stream().filter(filter).toList());
  }

  private static <T> List<T> until(int count, Supplier<List<T>> look) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    List<T> found = List.of();
    while (System.nanoTime() < deadline) {
      found = look.get();
      if (found.size() >= count) {
        return found;
      }
      Thread.sleep(5);
    }
    throw new AssertionError("only " + found.size() + " of " + count + ": " + found);
  }

  private static final Comparator<Exchange> ORDER =
      Comparator.comparingLong(Exchange::socketId).thenComparingInt(Exchange::turn);
}
