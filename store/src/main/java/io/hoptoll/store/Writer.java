package io.hoptoll.store;

import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** The one thread that writes, and the bounded queue before it: a slow disk stops nobody else. */
final class Writer implements AutoCloseable {
  private static final long POLL_MILLIS = 200;

  private final BlockingQueue<Batch> queue = new ArrayBlockingQueue<>(Limits.WINDOWS_WAITING);
  private final Store store;
  private final StoreCounters counters;
  private final Thread thread;
  private volatile boolean running = true;
  private long reopenAtNanos;
  private boolean broken;
  private long nextExpirySecond;

  Writer(Store store, StoreCounters counters) {
    this.store = store;
    this.counters = counters;
    this.thread = new Thread(this::run, "store");
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Never waits: what finds the queue full is lost and counted. */
  void offer(Batch batch) {
    if (!running || !queue.offer(batch)) {
      lost(batch);
    }
  }

  int waiting() {
    return queue.size();
  }

  private void run() {
    while (running || !queue.isEmpty()) {
      try {
        step(queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void step(@Nullable Batch batch) {
    if (broken && System.nanoTime() - reopenAtNanos >= 0) {
      store.reopen();
      broken = false;
    }
    if (batch != null) {
      write(batch);
    }
    long now = Instant.now().getEpochSecond();
    if (now >= nextExpirySecond) {
      nextExpirySecond = now + Limits.EXPIRY_SECONDS;
      store.expire(now);
    }
  }

  private void write(Batch batch) {
    if (broken) {
      lost(batch);
      return;
    }
    try {
      store.put(batch);
    } catch (RocksDBException e) {
      lost(batch);
      store.failed(e);
      broken = true;
      reopenAtNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(Limits.REOPEN_SECONDS);
    }
  }

  @Override
  public void close() {
    running = false;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(Limits.CLOSE_SECONDS));
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    queue.forEach(this::lost);
  }

  private void lost(Batch batch) {
    counters.add(batch.lost(), batch.size());
  }
}
