package io.hoptoll.wire;

import io.hoptoll.model.HalfHopSink;
import io.hoptoll.model.HeadsAsked;
import io.hoptoll.model.PodSink;
import io.hoptoll.model.SocketSink;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's end: takes records, packs them each 100 ms, and sends them until the server has
 * acknowledged them. Without a server it keeps what its buffer holds.
 */
public final class AgentClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AgentClient.class);
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Intake intake;
  private final ResendBuffer buffer;
  private final HeadsTold heads = new HeadsTold();
  private final AgentLink link;
  private final Thread thread;
  private volatile boolean running = true;
  private volatile AgentClientStats stats;

  /**
   * Takes records from now on; {@link #start} connects.
   *
   * @param health asked each second
   */
  public AgentClient(AgentClientConfig config, Supplier<AgentHealth> health) {
    this.intake = new Intake(config.node(), this::wake);
    this.buffer = new ResendBuffer(config.bufferBytes());
    this.link = new AgentLink(config, intake, buffer, health, heads, this::wake);
    this.stats = new AgentClientStats(false, "not connected yet", 0, 0, Map.of());
    this.thread = new Thread(this::run, "agent-wire");
    this.thread.setDaemon(true);
  }

  /** Begins to connect. */
  public void start() {
    thread.start();
  }

  /**
   * Whom to tell of which network namespaces the server wants heads read: all of it at each change,
   * none once the stream ends. Called by this client's thread. Call before {@link #start}.
   */
  public void onHeadsAsked(Consumer<Map<Long, HeadsAsked>> reader) {
    heads.to(reader);
  }

  /** Takes what the socket agent says; never blocks. */
  public SocketSink sockets() {
    return intake;
  }

  /** Takes what names pods; never blocks. */
  public PodSink pods() {
    return intake;
  }

  /** Takes what the node's entries became; never blocks. */
  public HalfHopSink entries() {
    return intake;
  }

  /** As of the last tenth of a second. */
  public AgentClientStats stats() {
    return stats;
  }

  /** Sends what is left, for two seconds at most, and ends the stream. */
  @Override
  public void close() {
    running = false;
    wake();
    try {
      thread.join(TimeUnit.NANOSECONDS.toMillis(2 * CLOSE_NANOS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void wake() {
    LockSupport.unpark(thread);
  }

  private void run() {
    while (running) {
      round();
      LockSupport.parkNanos(Limits.BATCH_AGE.toNanos());
    }
    long deadline = System.nanoTime() + CLOSE_NANOS;
    do {
      round();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    } while (stats.connected() && !buffer.isEmpty() && System.nanoTime() < deadline);
    link.close();
  }

  private void round() {
    try {
      pack();
      link.step(System.nanoTime());
    } catch (RuntimeException e) {
      LOG.error("agent: a round of sending failed; going on", e);
    }
    stats = link.stats();
  }

  private void pack() {
    for (RowOut out = intake.take(); out != null; out = intake.take()) {
      long untold =
          buffer.add(Packed.pack(out.build()), out.records(), out.lost(), out.baseWallNanos());
      if (untold > 0) {
        intake.lost(untold);
        return; // else a buffer that holds nothing would be told of its own losses for ever
      }
    }
  }
}
