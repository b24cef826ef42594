package io.hoptoll.agent;

import io.hoptoll.model.SocketSink;
import io.hoptoll.model.TlsProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads HTTP heads out of the TLS of the pods that somebody asks for, and only while: without,
 * nothing is loaded, no file is attached to and its thread sleeps. Follows the pods' processes as
 * they come and go, once a second.
 */
final class PlaintextWatch implements AutoCloseable {
  /** Processes told of in {@link PlaintextStats}, and looked at; more are left as they are. */
  static final int PROCESSES = 512;

  private static final Logger LOG = LoggerFactory.getLogger(PlaintextWatch.class);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path proc;
  private final Probes sockets;
  private final PlaintextDecoder decoder;
  private final NetworkNamespaces namespaces;
  private final TlsFiles tlsFiles;
  private final LinkEnd end = new LinkEnd();
  private final Thread thread = new Thread(this::run, "socket-agent-tls");
  private volatile Map<Long, Integer> wanted = Map.of();
  private volatile boolean running = true;
  private volatile PlaintextStats stats = PlaintextStats.OFF;

  /** Of the thread alone, as all below. */
  private @Nullable PlaintextProbes probes;

  private Map<Long, Integer> told = Map.of();
  private List<TlsProcess> processes = List.of();
  private String problem = "";
  private long nextLookNanos;

  PlaintextWatch(AgentConfig config, Path proc, Probes sockets, SocketSink out) {
    this.proc = proc;
    this.sockets = sockets;
    this.decoder = new PlaintextDecoder(config.node(), out::tlsCall);
    this.namespaces = new NetworkNamespaces(proc, config.node());
    this.tlsFiles = new TlsFiles(proc);
    thread.setDaemon(true);
  }

  /**
   * From now on exactly these; does not wait.
   *
   * @param headBytes of each message, by network namespace
   */
  synchronized void want(Map<Long, Integer> headBytes) {
    Map<Long, Integer> bounded = new HashMap<>();
    headBytes.forEach(
        (netns, bytes) -> bounded.put(netns, Math.min(bytes, MessageLayout.MAX_PLAINTEXT_BYTES)));
    wanted = Map.copyOf(bounded);
    if (running && !wanted.isEmpty() && thread.getState() == Thread.State.NEW) {
      thread.start();
    }
    LockSupport.unpark(thread);
  }

  /** As of the last second. */
  PlaintextStats stats() {
    return stats;
  }

  private void run() {
    while (running) {
      try {
        round(System.nanoTime());
      } catch (RuntimeException e) {
        LOG.error("TLS of profiled pods: a round failed; going on", e);
      }
      if (probes == null && wanted.isEmpty()) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
    stop();
    end.close();
  }

  private void round(long now) {
    Map<Long, Integer> asked = wanted;
    if (asked.isEmpty()) {
      stop();
      return;
    }
    boolean isNew = !asked.equals(told);
    if (isNew || now - nextLookNanos >= 0) {
      nextLookNanos = now + LOOK_NANOS;
      look(asked);
      told = asked;
    }
    if (probes != null) {
      probes.drain(decoder);
    }
  }

  private void look(Map<Long, Integer> asked) {
    try {
      PlaintextProbes at = probes == null ? PlaintextProbes.start(sockets, end) : probes;
      probes = at;
      problem = "";
      at.want(asked);
      processes = processes(at, asked);
      at.detachUnused();
    } catch (AgentException | IOException e) {
      if (problem.isEmpty()) {
        LOG.warn("TLS of profiled pods is not read", e);
      }
      problem = String.valueOf(e.getMessage());
    }
    report(true);
  }

  private void report(boolean on) {
    PlaintextProbes at = probes;
    Map<String, Long> failures = new HashMap<>(at == null ? Map.of() : at.failures());
    failures.put("unmatched_responses", decoder.unmatched());
    failures.put("answers_missed", decoder.answersMissed());
    stats =
        new PlaintextStats(
            on,
            problem,
            processes,
            at == null ? List.of() : at.files(),
            decoder.messages(),
            decoder.calls(),
            failures);
  }

  private List<TlsProcess> processes(PlaintextProbes at, Map<Long, Integer> asked)
      throws AgentException, IOException {
    List<TlsProcess> all = new ArrayList<>();
    for (Map.Entry<Integer, Long> each : namespaces.netnsByPid().entrySet()) {
      if (asked.containsKey(each.getValue()) && all.size() < PROCESSES) {
        TlsProcess looked = look(at, each.getKey(), each.getValue());
        if (looked != null) {
          all.add(looked);
        }
      }
    }
    all.sort(
        Comparator.comparing((TlsProcess p) -> !p.covered()).thenComparingInt(TlsProcess::tgid));
    return all;
  }

  private @Nullable TlsProcess look(PlaintextProbes at, int tgid, long netns)
      throws AgentException {
    TlsFiles.Look look = tlsFiles.of(tgid);
    List<String> by = new ArrayList<>();
    String why = look.why();
    for (TlsFiles.Found file : look.files()) {
      String refusal = at.attach(file);
      if (refusal.isEmpty()) {
        by.add(file.name());
      } else {
        why = refusal;
      }
    }
    String name;
    try {
      name = Files.readString(proc.resolve(tgid + "/comm")).strip();
    } catch (IOException e) {
      return null; // it ended
    }
    boolean covered = !by.isEmpty();
    return new TlsProcess(tgid, name, netns, covered, covered ? String.join(", ", by) : why);
  }

  /** Nobody asks any more: everything goes, and what was read is told. */
  private void stop() {
    PlaintextProbes at = probes;
    if (at != null) {
      at.drain(decoder);
      decoder.end(System.nanoTime());
      processes = List.of();
      report(false);
      probes = null;
      at.close();
    }
    problem = "";
    told = Map.of();
    stats =
        new PlaintextStats(
            false, "", List.of(), List.of(), decoder.messages(), decoder.calls(), stats.failures());
  }

  @Override
  public synchronized void close() {
    running = false;
    LockSupport.unpark(thread);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
