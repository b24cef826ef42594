package io.hoptoll.agent;

import java.util.concurrent.atomic.AtomicBoolean;
import jnr.ffi.Pointer;

/** How fast the agent's reader empties a ring, decoding each record: filled by a BPF program. */
final class OverheadRing {
  private static final String OBJECT = "produce";
  private static final int ORDER = 16;
  private static final long TICK_NANOS = 4_000_000;

  // struct bpf_test_run_opts (bpf/bpf.h)
  private static final int OPTIONS = 80;
  private static final int CONTEXT = 32;
  private static final int CONTEXT_SIZE = 48;

  private OverheadRing() {}

  static RingBuffer of(BpfObject object) throws AgentException {
    Pointer records = object.map("records");
    return new RingBuffer(
        Native.BPF.bpf_map__fd(records), Native.BPF.bpf_map__max_entries(records));
  }

  /**
   * Fills and empties it in turns for a while, then at once by two threads; each for half the time.
   *
   * @return {@code filled nanos-of-draining concurrent nanos-of-all refused}: records and times
   */
  static String run(double seconds) throws AgentException {
    BpfObject object = BpfObject.load(Architecture.object(OBJECT), o -> {});
    try {
      RingBuffer ring = of(object);
      Producer producer = new Producer(object.program("produce"));
      RecordDecoder decoder = new RecordDecoder("bench", TICK_NANOS, new NoSink());
      long half = (long) (seconds * 5e8);
      String turns = inTurns(ring, producer, decoder, half);
      String both = atOnce(ring, producer, decoder, half);
      ring.close();
      return turns + " " + both;
    } finally {
      object.close();
    }
  }

  private static String inTurns(
      RingBuffer ring, Producer producer, RecordDecoder decoder, long nanos) {
    long end = System.nanoTime() + nanos;
    long records = 0;
    long drained = 0;
    while (System.nanoTime() < end) {
      producer.run();
      long begin = System.nanoTime();
      records += ring.drain(decoder);
      drained += System.nanoTime() - begin;
    }
    return records + " " + drained;
  }

  private static String atOnce(
      RingBuffer ring, Producer producer, RecordDecoder decoder, long nanos) {
    long before = producer.refused();
    AtomicBoolean running = new AtomicBoolean(true);
    Thread thread =
        new Thread(
            () -> {
              while (running.get()) {
                producer.run();
              }
            });
    thread.start();
    long begin = System.nanoTime();
    long records = 0;
    while (System.nanoTime() - begin < nanos) {
      records += ring.drain(decoder);
    }
    long took = System.nanoTime() - begin;
    running.set(false);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return records + " " + took + " " + (producer.refused() - before);
  }

  /** The BPF program that fills the ring, run on demand. */
  private static final class Producer {
    private final int program;
    private final Pointer order = Native.allocate(ORDER);
    private final Pointer options = Native.allocate(OPTIONS);

    Producer(Pointer program) {
      this.program = Native.BPF.bpf_program__fd(program);
      options.putLong(0, OPTIONS);
      options.putAddress(CONTEXT, order.address());
      options.putInt(CONTEXT_SIZE, ORDER);
    }

    void run() {
      if (Native.BPF.bpf_prog_test_run_opts(program, options) != 0) {
        throw new IllegalStateException("test_run refused: errno " + Native.errno());
      }
    }

    long refused() {
      return order.getLong(8);
    }
  }
}
