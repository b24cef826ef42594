package io.hoptoll.app;

import io.hoptoll.correlator.Correlator;
import io.hoptoll.model.Burst;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHopReport;
import io.hoptoll.model.HalfHopSink;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.HttpMessage;
import io.hoptoll.model.LogStream;
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
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.MpscArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The correlator's one thread and the bounded queue before it. Sources never block: a queue that
 * fills sheds whole requests ({@link Shedding}), a full one drops the new record; both are counted.
 * Questions wait in the same queue, so they see a consistent state without a lock.
 */
public final class CorrelatorLoop implements HalfHopSink, SocketSink, PodSink, AutoCloseable {
  /** One second of 10,000 requests/s: 20,000 spans + 60,000 exchanges, rounded up; ~100 MB. */
  static final int QUEUE = 131_072;

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /**
   * Whoever finds the queue empty sleeps so long, twice as long each time, and is woken by
   * questions only: to wake it for a record costs both threads more than to handle the record.
   */
  private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final long NAP_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(8);
  private static final Logger LOG = LoggerFactory.getLogger(CorrelatorLoop.class);

  /** So many records are handled before the clock is read again. */
  private static final int BATCH = 64;

  /** Of so many spans the delay of one is measured. */
  private static final int DELAYS_ONE_OF = 64;

  /** A span, and when it was put in the queue. */
  private record Timed(SidecarSpan span, long nanos) {}

  /** {@link SidecarSpan}s and {@link Exchange}s as they are; all else as a {@link Runnable}. */
  private final MpscArrayQueue<Object> queue = new MpscArrayQueue<>(QUEUE);

  private final Shedding shedding = new Shedding(QUEUE);

  /** Streams that ended since the last tick. */
  private final Queue<LogStream> ended = new ConcurrentLinkedQueue<>();

  private final LongAdder dropped = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final Correlator correlator;
  private volatile LongConsumer delays = nanos -> {};
  private final Thread thread;
  private volatile boolean running = true;

  public CorrelatorLoop(Correlator correlator) {
    this.correlator = correlator;
    this.thread = new Thread(this::run, "correlator");
    this.thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** Answers a question on the correlator's thread; fails where the queue is full or closed. */
  public <T> CompletableFuture<T> ask(Function<Correlator, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Runnable work =
        () -> {
          try {
            answer.complete(question.apply(correlator));
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        };
    if (!running || !queue.offer(work)) {
      answer.completeExceptionally(
          new IllegalStateException("correlator is overloaded or closed; try again"));
    }
    LockSupport.unpark(thread);
    return answer;
  }

  @Override
  public void span(SidecarSpan span) {
    if (shedding.keepsUnnamed(span)) {
      boolean timed = ThreadLocalRandom.current().nextInt(DELAYS_ONE_OF) == 0;
      put(timed ? new Timed(span, System.nanoTime()) : span);
    } else {
      shedding.leftOut(1);
    }
  }

  @Override
  public void ended(LogStream stream) {
    ended.add(stream); // not through the queue: where that is full many streams may break
  }

  @Override
  public void half(HalfHopReport half) {
    if (shedding.keepsUnnamed(half.span())) {
      put(() -> correlator.half(half));
    } else {
      shedding.leftOut(1);
    }
  }

  @Override
  public void announced(SidecarSpan span) {
    put(() -> correlator.announced(span));
  }

  @Override
  public boolean leavesOut() {
    return shedding.isOn();
  }

  @Override
  public boolean takes(long requestHash, long startWallNanos) {
    return shedding.keeps(requestHash, startWallNanos);
  }

  @Override
  public void leftOut(int entries) {
    shedding.leftOut(entries);
  }

  @Override
  public void exchange(Exchange exchange) {
    put(exchange);
  }

  @Override
  public void connection(Connection connection) {
    put(() -> correlator.connection(connection));
  }

  @Override
  public void transport(TransportEvent event) {
    put(() -> correlator.transport(event));
  }

  @Override
  public void drop(PacketDrop drop) {
    put(() -> correlator.drop(drop));
  }

  @Override
  public void burst(Burst burst) {
    put(() -> correlator.burst(burst));
  }

  @Override
  public void protocol(SocketProtocol protocol) {
    put(() -> correlator.protocol(protocol));
  }

  @Override
  public void message(HttpMessage message) {
    put(() -> correlator.message(message));
  }

  @Override
  public void rewrite(PortRewrite rewrite) {
    put(() -> correlator.rewrite(rewrite));
  }

  @Override
  public void tlsCall(HttpCall call) {
    put(() -> correlator.tlsCall(call));
  }

  @Override
  public void process(ProcessSample sample) {
    put(() -> correlator.process(sample));
  }

  @Override
  public void namespace(NetworkNamespace namespace) {
    put(() -> correlator.namespace(namespace));
  }

  @Override
  public void running(RunningProcess process) {
    put(() -> correlator.running(process));
  }

  @Override
  public void pod(Pod pod) {
    put(() -> correlator.pod(pod));
  }

  @Override
  public void clock(ClockSample sample) {
    put(() -> correlator.clock(sample));
  }

  @Override
  public void lost(String node, long records) {
    put(() -> correlator.lost(node, records));
  }

  /**
   * Has a sample of the spans' delays told, ns: from their decoding until they are joined, if their
   * partner is there. On the correlator's thread. Call before {@link #start}.
   */
  public void tellDelays(LongConsumer out) {
    delays = out;
  }

  /** Records dropped because the queue was full. */
  public long dropped() {
    return dropped.sum();
  }

  /** Entries left out under load, by request. */
  public long shed() {
    return shedding.shed();
  }

  /** 0: nothing is left out; see {@link Shedding}. */
  public int sheddingLevel() {
    return shedding.level();
  }

  /** Records whose handling threw; logged at every power of two. */
  public long failures() {
    return failures.sum();
  }

  /** Whether a source that can wait may go on: a quarter of the queue is left for the others. */
  boolean hasRoom() {
    return queue.size() < QUEUE - QUEUE / 4;
  }

  public int queued() {
    return queue.size();
  }

  @Override
  public void close() {
    running = false;
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(2));
      if (!thread.isAlive()) {
        correlator.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void put(Runnable work) {
    put((Object) work);
  }

  private void put(Object record) {
    if (!queue.offer(record)) {
      dropped.increment();
    }
  }

  private void run() {
    MessagePassingQueue.Consumer<Object> handler = this::handle;
    long nextTick = System.nanoTime();
    long nap = NAP_NANOS;
    while (running) {
      long now = System.nanoTime();
      if (now >= nextTick) {
        tick(now);
        nextTick = now + TICK_NANOS;
      }
      if (queue.drain(handler, BATCH) > 0) {
        nap = NAP_NANOS;
      } else {
        LockSupport.parkNanos(this, Math.min(nap, nextTick - now));
        nap = Math.min(2 * nap, NAP_MAX_NANOS);
      }
    }
  }

  private void tick(long nowNanos) {
    try {
      long wallNanos = wallNanos();
      shedding.look(queue.size(), nowNanos, wallNanos);
      correlator.shed(shedding.takeShed(), shedding.level() > 0, wallNanos);
      correlator.tick(nowNanos, wallNanos);
      tellEnded();
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  /**
   * What it brought may still be in the queue: the correlator is unsure of its sidecar for long.
   */
  private void tellEnded() {
    for (LogStream stream = ended.poll(); stream != null; stream = ended.poll()) {
      correlator.ended(stream);
    }
  }

  private void handle(Object record) {
    try {
      if (record instanceof Exchange exchange) {
        correlator.exchange(exchange);
      } else if (record instanceof SidecarSpan span) {
        correlator.span(span);
      } else if (record instanceof Timed timed) {
        correlator.span(timed.span());
        delays.accept(System.nanoTime() - timed.nanos());
      } else {
        ((Runnable) record).run();
      }
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void failed(RuntimeException e) {
    failures.increment();
    long n = failures.sum();
    if (Long.bitCount(n) == 1) {
      LOG.error("correlator: {} records failed so far; latest", n, e);
    }
  }

  private static long wallNanos() {
    java.time.Instant now = java.time.Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}
