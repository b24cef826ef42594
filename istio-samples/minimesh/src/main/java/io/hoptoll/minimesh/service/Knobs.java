package io.hoptoll.minimesh.service;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** What can be wrong with a service: set by the harness, measured as it happens. */
final class Knobs {
  volatile boolean forwards = true;
  volatile boolean answersEarly;
  volatile int usualMillis;
  volatile int delayMillis;
  volatile int cpuMillis;
  volatile int responseBytes = 64;
  volatile int requestBytes;
  volatile int messages = 5;
  volatile int gapMillis;
  volatile int deadlineMillis;
  volatile int readBytesPerSecond;
  volatile int errorStatus;
  volatile int errorPermille;
  volatile int failFirstOf;
  final Held held = new Held();

  private final ReentrantReadWriteLock loop = new ReentrantReadWriteLock(true);
  private final List<Executor> readers = new CopyOnWriteArrayList<>();
  private volatile Thread blocker = new Thread();

  /** Names a loop that reads sockets by itself: it is blocked, too. */
  void readsIn(Executor loop) {
    readers.add(loop);
  }

  /** Takes a request off the loop; waits while the loop is blocked. */
  void enterLoop() {
    long begin = System.nanoTime();
    if (loop.isWriteLocked() || loop.hasQueuedThreads()) {
      loop.readLock().lock();
      loop.readLock().unlock();
      held.add(System.nanoTime() - begin);
    }
  }

  /** Blocks the loop for so long, then leaves it free for so long, until 0. */
  void block(int blockMillis, int freeMillis) {
    blocker.interrupt();
    if (blockMillis == 0) {
      return;
    }
    blocker =
        new Thread(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                loop.writeLock().lock();
                readers.forEach(r -> r.execute(this::enterLoop));
                try {
                  burn(blockMillis);
                } finally {
                  loop.writeLock().unlock();
                }
                LockSupport.parkNanos(freeMillis * 1_000_000L);
              }
            },
            "blocker");
    blocker.setDaemon(true);
    blocker.start();
  }

  /** What a request takes anyway; then the delay and CPU that are too much. */
  void work() {
    pause(usualMillis);
    if (delayMillis == 0 && cpuMillis == 0) {
      return;
    }
    long begin = System.nanoTime();
    pause(delayMillis);
    burn(cpuMillis);
    held.add(System.nanoTime() - begin);
  }

  static void pause(int millis) {
    long until = System.nanoTime() + millis * 1_000_000L;
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static void burn(int millis) {
    var cpu = java.lang.management.ManagementFactory.getThreadMXBean();
    long until = cpu.getCurrentThreadCpuTime() + millis * 1_000_000L;
    while (millis > 0 && cpu.getCurrentThreadCpuTime() < until) {
      Thread.onSpinWait();
    }
  }
}
