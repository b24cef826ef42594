package io.hoptoll.app.metrics;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/** What Hoptoll itself takes. */
final class OwnCost {
  private OwnCost() {}

  static void register(MeterRegistry registry) {
    Counted counted = new Counted(registry);
    var os = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var memory = ManagementFactory.getMemoryMXBean();
    var threads = ManagementFactory.getThreadMXBean();
    counted.add(
        "hoptoll.process.cpu.seconds",
        "CPU time of this process, user and system; BPF programs run on the apps' time",
        () -> os.getProcessCpuTime() / 1e9);
    counted.gauge(
        "hoptoll.jvm.heap.used.bytes", "Heap in use", () -> memory.getHeapMemoryUsage().getUsed());
    counted.gauge(
        "hoptoll.jvm.heap.max.bytes",
        "Heap that may be used",
        () -> memory.getHeapMemoryUsage().getMax());
    counted.gauge("hoptoll.jvm.threads", "Threads", threads::getThreadCount);
    counted.add("hoptoll.jvm.gc.seconds", "Time in garbage collection", OwnCost::gcSeconds);
  }

  private static double gcSeconds() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionTime)
            .sum()
        / 1e3;
  }
}
