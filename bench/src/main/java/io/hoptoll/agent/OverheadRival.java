package io.hoptoll.agent;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A rival's object, attached; its ring, if it has one, is drained as the agent drains its own. */
final class OverheadRival implements OverheadHost.Attached {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final String NO_RING = "empty";

  private final BpfObject object;
  private final @Nullable RingBuffer ring;
  private final Thread reader = new Thread(this::read, "rival");
  private volatile boolean running = true;
  private volatile long records;

  OverheadRival(String name) throws AgentException {
    object = BpfObject.load(Architecture.object(name), o -> {});
    try {
      ring = name.startsWith(NO_RING) ? null : OverheadRing.of(object);
      object.attachHooks();
    } catch (AgentException e) {
      object.close();
      throw e;
    }
    reader.start();
  }

  private void read() {
    RingBuffer mine = ring;
    while (running && mine != null) {
      records += mine.drain((data, at, length) -> {});
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  @Override
  public String stats() {
    return records + " 0";
  }

  @Override
  public void close() {
    object.detach();
    running = false;
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (ring != null) {
      ring.close();
    }
    object.close();
  }
}
