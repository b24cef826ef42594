package io.hoptoll.app.metrics;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** What Hoptoll itself takes. */
final class OwnCost {
  private OwnCost() {}

  static void register(MeterRegistry registry) {
    Counted counted = new Counted(registry);
    var os = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var memory = ManagementFactory.getMemoryMXBean();
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    counted.add(
        "hoptoll.process.cpu.seconds",
        "CPU time of this process, user and system; BPF programs run on the apps' time",
        () -> os.getProcessCpuTime() / 1e9);
    counted.add(
        "hoptoll.jvm.allocated.bytes",
        "Allocated on the heap by the threads that run now",
        new Allocated(threads));
    counted.gauge(
        "hoptoll.jvm.heap.used.bytes", "Heap in use", () -> memory.getHeapMemoryUsage().getUsed());
    counted.gauge(
        "hoptoll.jvm.heap.max.bytes",
        "Heap that may be used",
        () -> memory.getHeapMemoryUsage().getMax());
    counted.gauge("hoptoll.jvm.threads", "Threads", threads::getThreadCount);
    counted.add("hoptoll.jvm.gc.seconds", "Time in garbage collection", OwnCost::gcSeconds);
  }

  /** Never less than before, though a thread that ended is no longer in the sum. */
  private record Allocated(ThreadMXBean threads, AtomicLong highest) implements Supplier<Number> {
    Allocated(ThreadMXBean threads) {
      this(threads, new AtomicLong());
    }

    @Override
    public Number get() {
      long now = LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds())).sum();
      return highest.accumulateAndGet(now, Math::max);
    }
  }

  private static double gcSeconds() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionTime)
            .sum()
        / 1e3;
  }
}
