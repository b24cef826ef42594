package io.hoptoll.minimesh.service;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the app itself saw of each request, while recording is on: the bench's truth for joins.
 * Lines {@code ROLE STAMP LOCAL_PORT REMOTE_PORT BEGIN_NS END_NS}; role S (served: from when the
 * process takes up the request, its framework's work included) or C (called); times are
 * System.nanoTime(), which is CLOCK_MONOTONIC.
 */
final class Records {
  private static final int MAX = 1_000_000;

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private volatile boolean on;

  void record(boolean on) {
    this.on = on;
  }

  void add(char role, String stamp, int localPort, int remotePort, long begin, long end) {
    if (on && size.incrementAndGet() <= MAX) {
      lines.add(role + " " + stamp + " " + localPort + " " + remotePort + " " + begin + " " + end);
    }
  }

  /** Prints and forgets all, then a line {@code end}. */
  void dump(Console console) {
    String line;
    while ((line = lines.poll()) != null) {
      size.decrementAndGet();
      console.print(line);
    }
    console.print("end");
  }
}
