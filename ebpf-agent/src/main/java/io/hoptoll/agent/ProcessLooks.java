package io.hoptoll.agent;

import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.RunningProcess;
import io.hoptoll.model.SocketSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at processes, namespaces and clocks, on a thread of its own: a walk over {@code /proc} of a
 * busy node takes longer than the ring holds.
 */
final class ProcessLooks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessLooks.class);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Where all watched sockets rest, until one tells something. */
  private static final long IDLE_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Owners told of between two calls of {@link #tellAgain}; more wait for the next. */
  private static final int TOLD = 4_096;

  private record Owner(int tgid, long netns, String comm) {}

  private final AgentConfig config;
  private final SocketSink out;
  private final BiConsumer<Set<Long>, Set<Long>> seen;
  private final NodeClock clock;
  private final NetworkNamespaces namespaces;
  private final ProcessWatch processes;
  private final ProcessDirectory directory;
  private final List<Periodic> duties;
  private final Thread thread;

  /** Of the thread that reads the ring. */
  private final Set<Integer> told = new HashSet<>();

  private final Queue<Owner> owners = new ConcurrentLinkedQueue<>();
  private volatile boolean running = true;
  private volatile boolean isIdle;

  /**
   * @param often what else is to be looked at from time to time, and may block
   * @param seen hears which network namespaces have a process, and which are gone, at each look
   */
  ProcessLooks(
      AgentConfig config,
      Path proc,
      RunQueue runQueue,
      Runnable often,
      BiConsumer<Set<Long>, Set<Long>> seen,
      SocketSink out)
      throws IOException {
    this.config = config;
    this.seen = seen;
    this.out = out;
    this.clock = new NodeClock(config.node());
    this.namespaces = new NetworkNamespaces(proc, config.node());
    this.processes = new ProcessWatch(proc, config.node(), runQueue);
    this.directory = new ProcessDirectory(proc, config.node(), this::report);
    this.duties =
        List.of(
            new Periodic(100, now -> processes.sample(now, out::process)),
            new Periodic(1_000, now -> out.clock(clock.measure())),
            new Periodic(200, now -> often.run()),
            new Periodic(1_000, now -> lookAround()));
    this.thread = new Thread(this::run, "socket-agent-looks");
    this.thread.setDaemon(true);
  }

  /** Clock and namespaces once, then from time to time. */
  void start() {
    out.clock(clock.measure());
    lookAround();
    thread.start();
  }

  /** This process owns a watched socket; of the one thread that reads the ring. */
  void owner(int tgid, long netns, String comm) {
    if (told.size() < TOLD && told.add(tgid)) {
      owners.add(new Owner(tgid, netns, comm));
      if (isIdle) {
        LockSupport.unpark(thread);
      }
    }
  }

  /** From time to time: by now a process id may be another process's. */
  void tellAgain() {
    told.clear();
  }

  private void run() {
    while (running) {
      try {
        for (Owner o = owners.poll(); o != null; o = owners.poll()) {
          processes.watch(o.tgid(), o.netns(), o.comm(), System.nanoTime());
          directory.owner(o.tgid(), o.netns());
        }
        long now = System.nanoTime();
        duties.forEach(duty -> duty.runIfDue(now));
      } catch (RuntimeException e) {
        LOG.error("socket agent: a look at the processes failed; going on", e);
      }
      isIdle = processes.isIdle(System.nanoTime());
      if (owners.isEmpty()) {
        LockSupport.parkNanos(isIdle ? IDLE_POLL_NANOS : POLL_NANOS);
      }
    }
  }

  /** Processes and their namespaces, by one walk over {@code /proc}. */
  private void lookAround() {
    try {
      Map<Integer, Long> netnsByPid = namespaces.netnsByPid();
      List<NetworkNamespace> changes = namespaces.changes(netnsByPid);
      seen.accept(Set.copyOf(netnsByPid.values()), namespaces.gone());
      for (NetworkNamespace changed : changes) {
        if (config.watches(changed.netns())) {
          out.namespace(changed);
        }
      }
      directory.look(netnsByPid);
      watchPods();
    } catch (IOException e) {
      LOG.warn("network namespaces cannot be listed: {}", e.getMessage());
    }
  }

  /** On the node's own network nobody knows by the namespace whose a process is. */
  private void watchPods() {
    for (RunningProcess p : directory.running()) {
      if (!p.nodeNetwork() && config.watches(p.netns())) {
        processes.watchUse(p.tgid(), p.netns(), p.name());
      }
    }
  }

  private void report(RunningProcess process) {
    if (config.watches(process.netns())) {
      out.running(process);
    }
  }

  @Override
  public void close() {
    running = false;
    LockSupport.unpark(thread);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
