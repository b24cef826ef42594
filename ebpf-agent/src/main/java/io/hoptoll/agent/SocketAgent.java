package io.hoptoll.agent;

import io.hoptoll.model.Burst;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HttpMessage;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.ProcessSample;
import io.hoptoll.model.RunningProcess;
import io.hoptoll.model.SocketProtocol;
import io.hoptoll.model.SocketSink;
import io.hoptoll.model.TaskReading;
import io.hoptoll.model.TlsProcess;
import io.hoptoll.model.TransportEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches every TCP socket of the node from {@link #start} to {@link #close}. One thread drains the
 * ring (10 ms, ever slower while it is empty) and flushes resting turns; {@link ProcessLooks} has
 * another.
 */
public final class SocketAgent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SocketAgent.class);
  private static final Path PROC = Path.of("/proc");
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long IDLE_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final AgentConfig config;
  private final SocketSink out;
  private final Probes probes;
  private final LossWatch losses;
  private final PlaintextWatch plaintext;
  private final TaskOrder heads;
  private final TaskOrder tls;
  private final RecordDecoder decoder;
  private final @Nullable RunQueueProbe runQueue;
  private final PortRewrites rewrites;
  private final ProcessLooks looks;
  private final List<String> missing = new ArrayList<>();
  private final List<Periodic> duties;
  private final Thread thread;
  private volatile boolean running = true;

  /** Namespaces whose heads a task wants; the agent's thread has acted on those of followedOf. */
  private volatile Set<Long> readOf = Set.of();

  private Set<Long> followedOf = Set.of();
  private volatile AgentStats stats = AgentStats.NONE;

  private SocketAgent(AgentConfig config, SocketSink out) throws AgentException, IOException {
    this.config = config;
    this.out = out;
    this.missing.addAll(Rights.of(PROC).runsWithout(PROC));
    this.runQueue = startRunQueue();
    this.rewrites = new PortRewrites(PROC, config.node(), out);
    this.looks =
        new ProcessLooks(
            config,
            PROC,
            runQueue == null ? RunQueue.OFF : runQueue,
            rewrites::look,
            this::namespaces,
            out);
    this.decoder = new RecordDecoder(config.node(), Native.tickNanos(), new Watching());
    this.probes = loadProbes();
    if (config.payload() == Payload.OFF) {
      missing.add(
          "payload: agent.payload is off: no line has a protocol, a TLS handshake counts as a"
              + " request, HTTP/2 requests of one connection are not told apart");
    }
    this.losses = LossWatch.start(config, PROC, probes, out);
    this.plaintext = new PlaintextWatch(config, PROC, probes, out);
    // of the first, in another user namespace, it cannot be read; agents mostly run in the same
    Set<Long> own = new HashSet<>();
    own.add(NetworkNamespaces.inode(PROC.resolve("1")));
    own.add(NetworkNamespaces.inode(PROC.resolve("self")));
    boolean isAsked = config.payload() == Payload.PROTOCOL; // else all are read anyway, or none
    this.heads = new TaskOrder(config, own, isAsked ? this::tellHeads : bytes -> {});
    this.tls = new TaskOrder(config, own, plaintext::want);
    this.duties =
        List.of(
            new Periodic(200, probes::flushIdleTurns),
            new Periodic(500, now -> losses.look()),
            new Periodic(1_000, now -> looks.tellAgain()),
            new Periodic(500, now -> reportHealth()));
    this.thread = new Thread(this::run, "socket-agent");
    this.thread.setDaemon(true);
  }

  /** Whether this machine lets the agent run, and what it lacks. */
  public static Readiness check() {
    return check(Hooks.AUTO);
  }

  /** The same with these hooks alone. */
  public static Readiness check(Hooks hooks) {
    return Requirements.check(PROC, hooks);
  }

  /**
   * Loads and attaches the probes and starts the thread.
   *
   * @param out must not block; called by the agent's two threads
   * @throws AgentException when the kernel refuses; the message holds the verifier's words
   */
  public static SocketAgent start(AgentConfig config, SocketSink out) throws AgentException {
    try {
      SocketAgent agent = new SocketAgent(config, out);
      agent.begin();
      LOG.info(
          "watching the sockets of node {} by {}, walked by {}, payload {}: {}",
          config.node(),
          agent.probes.hooks().name(),
          agent.probes.walk(),
          config.payload(),
          agent.attached());
      return agent;
    } catch (IOException e) {
      throw new AgentException("/proc cannot be read: " + e.getMessage(), e);
    }
  }

  private Probes loadProbes() throws AgentException {
    try {
      return Probes.start(config);
    } catch (AgentException e) {
      closeRunQueue();
      throw e;
    }
  }

  private @Nullable RunQueueProbe startRunQueue() {
    try {
      return RunQueueProbe.start();
    } catch (AgentException e) {
      LOG.warn("run queue not watched", e);
      missing.add("run-queue wait: waiting for a CPU is not told from work: " + e.getMessage());
      return null;
    }
  }

  private void closeRunQueue() {
    if (runQueue != null) {
      runQueue.close();
    }
  }

  /** What this agent runs without, why, and what that costs; empty when it has all. */
  public List<String> missing() {
    return List.copyOf(missing);
  }

  private void begin() {
    reportHealth(); // who asks first learns which places there are
    looks.start();
    thread.start();
  }

  /** As of the last half second. */
  public AgentStats stats() {
    return stats;
  }

  /**
   * Has HTTP heads read out of the TLS of these network namespaces' processes, and no others'; does
   * not wait. With {@link Payload#OFF} nothing is read, and nowhere against {@link #taskRefusal}.
   *
   * @param headBytes of each message, by namespace; none: nothing is read or attached to
   */
  public void readTls(Map<Long, Integer> headBytes) {
    if (config.payload() != Payload.OFF) {
      tls.want(headBytes);
    }
  }

  /**
   * Has the heads read on the sockets in clear of these network namespaces, and no others'. With
   * {@link Payload#HEADS} they are read anyway, with {@link Payload#OFF} not at all, and nowhere
   * against {@link #taskRefusal}.
   *
   * @param headBytes of each HTTP/1 request, by namespace; at most 512
   */
  public void readHeads(Map<Long, Integer> headBytes) {
    if (config.payload() != Payload.OFF) {
      heads.want(headBytes);
    }
  }

  /** Why nothing of this network namespace is ever read for tasks, in words; empty: it can be. */
  public String taskRefusal(long netns) {
    return heads.refusal(netns);
  }

  /** How far what tasks ask for is read now, of each network namespace that is asked for. */
  public List<TaskReading> taskReadings() {
    Set<Long> asked = new TreeSet<>(heads.wanted());
    Set<Long> ofTls = tls.wanted();
    asked.addAll(ofTls);
    PlaintextStats seen = plaintext.stats();
    List<TaskReading> all = new ArrayList<>();
    for (long netns : asked) {
      List<TlsProcess> own = seen.of(netns);
      all.add(
          new TaskReading(
              netns,
              heads.problem(netns),
              ofTls.contains(netns) ? tlsProblem(netns, seen) : "",
              own.subList(0, Math.min(own.size(), TaskReading.MOST)),
              Math.max(0, own.size() - TaskReading.MOST)));
    }
    return all;
  }

  private String tlsProblem(long netns, PlaintextStats seen) {
    String ofPod = tls.problem(netns);
    return ofPod.isEmpty() && !seen.problem().isEmpty()
        ? "TLS is not read: " + seen.problem()
        : ofPod;
  }

  /** Of one thread at a time. */
  private void tellHeads(Map<Long, Integer> headBytes) {
    Map<Long, Integer> bounded = new HashMap<>();
    headBytes.forEach((netns, n) -> bounded.put(netns, Math.min(n, MessageLayout.MAX_BYTES)));
    probes.wantHeads(bounded);
    readOf = Set.copyOf(bounded.keySet());
  }

  private void namespaces(Set<Long> alive, Set<Long> gone) {
    for (TaskOrder order : List.of(heads, tls)) {
      try {
        order.look(alive, gone);
      } catch (RuntimeException e) {
        LOG.warn("what tasks have read could not be changed; tried again at the next look", e);
      }
    }
  }

  /**
   * What was followed for tasks that have ended is let go of.
   *
   * @param asked before the ring was drained: what it had of the others has been seen by now
   */
  private void endHeads(Set<Long> asked) {
    if (!asked.equals(followedOf)) {
      Set<Long> wanted = new HashSet<>(asked);
      wanted.addAll(readOf); // of which records may have come meanwhile
      followedOf = asked;
      decoder.endHeads(wanted);
    }
  }

  /** How far {@link #readTls} succeeds, as of the last second. */
  public PlaintextStats plaintext() {
    return plaintext.stats();
  }

  /** Detaches, hands over what the ring still holds and ends the thread. */
  @Override
  public synchronized void close() {
    if (!running) {
      return;
    }
    heads.close();
    tls.close();
    plaintext.close();
    probes.detach();
    if (runQueue != null) {
      runQueue.detach();
    }
    losses.detach();
    looks.close();
    running = false;
    LockSupport.unpark(thread);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) { // it may still read the ring: unmapping that would end the process
      LOG.warn("the sink of the socket agent blocks; its ring stays mapped until the process ends");
      return;
    }
    losses.close();
    probes.close();
    closeRunQueue();
  }

  private void run() {
    long pause = POLL_NANOS;
    while (running) {
      int work = doWork(System.nanoTime());
      pause = work > 0 ? POLL_NANOS : Math.min(2 * pause, IDLE_POLL_NANOS);
      LockSupport.parkNanos(pause);
    }
    doWork(System.nanoTime()); // detached: these are the last
    losses.look();
  }

  /** One round; returns how many records it handled. */
  private int doWork(long now) {
    try {
      Set<Long> asked = readOf;
      int records = probes.drain(decoder) + losses.drain();
      endHeads(asked);
      for (Periodic duty : duties) {
        duty.runIfDue(now);
      }
      return records;
    } catch (RuntimeException e) {
      LOG.error("socket agent: a round failed; going on", e);
      return 0;
    }
  }

  private void reportHealth() {
    Map<String, Long> failures = new LinkedHashMap<>(losses.with(probes.failures()));
    if (runQueue != null) {
      failures.putAll(runQueue.failures());
    }
    failures.putAll(decoder.http2GivenUp());
    long lost = failures.getOrDefault(ProbeFailures.RING_FULL, 0L);
    if (lost > stats.ringLost()) {
      out.lost(config.node(), lost - stats.ringLost());
    }
    stats =
        new AgentStats(
            decoder.exchanges(),
            decoder.connections(),
            lost,
            failures,
            probes.socketsWatched(),
            probes.hooks().name(),
            attached(),
            losses.events(),
            losses.drops(),
            losses.missing());
  }

  private List<String> attached() {
    List<String> all = new ArrayList<>(probes.attached());
    all.addAll(losses.attached());
    if (runQueue != null) {
      all.addAll(runQueue.attached());
    }
    return all;
  }

  /** Passes records on, and follows the processes that own the sockets. */
  private final class Watching implements SocketSink {
    @Override
    public void exchange(Exchange e) {
      looks.owner(e.owner().tgid(), e.netns(), e.owner().comm());
      rewrites.exchange(e);
      out.exchange(e);
    }

    @Override
    public void connection(Connection connection) {
      rewrites.connection(connection);
      out.connection(connection);
    }

    @Override
    public void transport(TransportEvent event) {
      out.transport(event);
    }

    @Override
    public void drop(PacketDrop drop) {
      out.drop(drop);
    }

    @Override
    public void burst(Burst b) {
      out.burst(b);
    }

    @Override
    public void protocol(SocketProtocol protocol) {
      out.protocol(protocol);
    }

    @Override
    public void message(HttpMessage message) {
      out.message(message);
    }

    @Override
    public void process(ProcessSample sample) {
      out.process(sample);
    }

    @Override
    public void running(RunningProcess process) {
      out.running(process);
    }

    @Override
    public void namespace(NetworkNamespace namespace) {
      out.namespace(namespace);
    }

    @Override
    public void clock(ClockSample sample) {
      out.clock(sample);
    }

    @Override
    public void lost(String node, long records) {
      out.lost(node, records);
    }
  }
}
