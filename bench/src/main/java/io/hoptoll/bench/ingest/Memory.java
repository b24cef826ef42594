package io.hoptoll.bench.ingest;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A server's memory over time. */
final class Memory {
  private final ServerProcess server;
  private final PrintStream out;
  private final long begin = System.nanoTime();
  private final List<Long> resident = new ArrayList<>();

  Memory(ServerProcess server, PrintStream out) {
    this.server = server;
    this.out = out;
  }

  void sample(String what) throws IOException {
    long bytes = server.residentBytes();
    resident.add(bytes);
    out.printf(
        "%5.0f s: RSS %,d MiB, heap %,.0f MiB, %s%n",
        (System.nanoTime() - begin) / 1e9,
        bytes >> 20,
        server.metric("hoptoll_jvm_heap_used_bytes") / (1 << 20),
        what);
  }

  /** The highest of the second half of all samples over the highest of the first. */
  double growth() {
    int half = resident.size() / 2;
    long first = resident.subList(0, half).stream().mapToLong(Long::longValue).max().orElse(1);
    long second =
        resident.subList(half, resident.size()).stream().mapToLong(Long::longValue).max().orElse(1);
    return (double) second / first;
  }
}
