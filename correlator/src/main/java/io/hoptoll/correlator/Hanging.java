package io.hoptoll.correlator;

import io.hoptoll.correlator.Verdict.Finding;
import io.hoptoll.correlator.Verdict.Kind;
import io.hoptoll.correlator.pods.Unanswered;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Party;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Requests that nobody has answered yet, and who has them: an access log tells of a request when it
 * is over, sockets while it waits. A process has a request if it was asked and waits for no call
 * that it made since; or if it was sent one and does not read it.
 */
final class Hanging {
  /** Sooner no request hangs: about what entries take to come, twice. */
  private static final long LEAST_NANOS = 3 * Nanos.PER_SECOND;

  /** The same where it is not known what is usual. */
  private static final long LEAST_UNKNOWN_NANOS = 10 * Nanos.PER_SECOND;

  /** Of the slowest that are usual. */
  private static final double TIMES_USUAL = 3;

  /** Older ones are rather connections that are asked and never answer. */
  private static final long LONGEST_NANOS = Limits.WINDOWS * Nanos.PER_SECOND;

  /** A call may be written a moment before the request that it is made for is seen as read. */
  private static final long SLACK_NANOS = 50 * Nanos.PER_MILLI;

  /** A process that was stopped in more of the looks cannot have answered. */
  private static final double STOPPED_SHARE = 0.5;

  private final Owners owners;
  private final String path;
  private final Set<Edge> edges;
  private final Map<ProcessKey, Actor> known;

  /** By process: requests it was asked, calls it made, requests in its sockets. */
  private final Map<ProcessKey, List<Unanswered>> asked = new HashMap<>();

  private final Map<ProcessKey, List<Unanswered>> calls = new HashMap<>();
  private final Map<ProcessKey, List<Unanswered>> sent = new HashMap<>();

  /** ns; from when on a request hangs. */
  private final double from;

  /**
   * @param edges of the path
   * @param usual what the slowest requests take while the path is well, ns; 0: not known
   */
  Hanging(Owners owners, String path, Set<Edge> edges, double usual, List<Unanswered> all) {
    this.owners = owners;
    this.path = path;
    this.edges = edges;
    this.known = owners.of(path);
    this.from = usual == 0 ? LEAST_UNKNOWN_NANOS : Math.max(LEAST_NANOS, TIMES_USUAL * usual);
    all.stream().filter(u -> u.ageNanos() < LONGEST_NANOS).forEach(this::sort);
  }

  private void sort(Unanswered u) {
    ProcessKey own = new ProcessKey(u.node(), u.tgid());
    if (!u.isClient()) {
      put(asked, own, u, isServed(own, u.port()));
      return;
    }
    ProcessKey peer = new ProcessKey(u.node(), u.peerTgid());
    put(calls, own, u, known.containsKey(own));
    put(sent, peer, u, isServed(peer, u.port()));
  }

  private void put(
      Map<ProcessKey, List<Unanswered>> by, ProcessKey key, Unanswered u, boolean wanted) {
    if (wanted) {
      by.computeIfAbsent(key, k -> new ArrayList<>()).add(u);
    }
  }

  /** Whether the path's requests come to this port of the process. */
  private boolean isServed(ProcessKey process, int port) {
    Actor actor = known.get(process);
    if (actor == null || actor.kind() == Actor.Kind.SIDECAR) {
      return actor != null;
    }
    Owners.Worker worker = owners.of(path, actor).get(process);
    return worker != null && (worker.port() == 0 || worker.port() == port);
  }

  /**
   * What is open now.
   *
   * @param wallNanos the time
   */
  record Live(List<Unanswered> requests, long wallNanos) {
    /** Of a range that is over nobody knows what hung in it. */
    static final Live NONE = new Live(List.of(), 0);

    /** The first whole second after one began, so many ns ago. */
    long secondAfter(long ageNanos) {
      return (wallNanos - ageNanos) / Nanos.PER_SECOND + 1;
    }

    long nowSecond() {
      return wallNanos / Nanos.PER_SECOND + 1;
    }
  }

  /** How many requests hang: the same one does at every process that it came to. */
  int requests() {
    int most = 0;
    for (ProcessKey p : known.keySet()) {
      most = Math.max(most, Math.max(old(asked, p).size(), old(sent, p).size()));
    }
    return most;
  }

  /** When the first of them began, ns ago. */
  long oldestNanos() {
    return known.keySet().stream()
        .flatMap(p -> List.of(old(asked, p), old(sent, p)).stream())
        .flatMap(List::stream)
        .mapToLong(Unanswered::ageNanos)
        .max()
        .orElse(0);
  }

  private List<Unanswered> old(Map<ProcessKey, List<Unanswered>> by, ProcessKey p) {
    return by.getOrDefault(p, List.of()).stream().filter(u -> u.ageNanos() >= from).toList();
  }

  /**
   * Who has them, by how many.
   *
   * @param windows since the first of them began
   * @param affected share of the requests that hang, 0..1
   */
  List<Finding> findings(Iterable<Window> windows, double affected) {
    List<Finding> found = new ArrayList<>();
    for (Map.Entry<ProcessKey, Actor> p : known.entrySet()) {
      Finding own = finding(p.getKey(), p.getValue(), windows, affected);
      if (own != null) {
        found.add(own);
      }
    }
    boolean anyStopped = found.stream().anyMatch(f -> isFrozen(f.cause()));
    found.removeIf(f -> anyStopped && !isFrozen(f.cause())); // the others wait for it
    found.sort(Comparator.comparingDouble(Finding::nanos).reversed());
    return found;
  }

  private static boolean isFrozen(Cause cause) {
    return cause == Cause.APP_FROZEN || cause == Cause.SIDECAR_FROZEN;
  }

  private @Nullable Finding finding(
      ProcessKey process, Actor actor, Iterable<Window> windows, double affected) {
    List<Unanswered> read = old(asked, process);
    List<Unanswered> unread = read.isEmpty() ? old(sent, process) : List.of();
    boolean isApp = actor.kind() == Actor.Kind.APP;
    double stopped = stoppedShare(process, windows);
    if (stopped > STOPPED_SHARE) {
      return finding(
          isApp ? Cause.APP_FROZEN : Cause.SIDECAR_FROZEN,
          actor,
          process,
          read.isEmpty() ? unread : read,
          "found stopped in " + Words.percent(stopped) + " of the looks at its process state",
          affected);
    }
    if (!unread.isEmpty()) {
      return finding(
          isApp ? Cause.APP_PICKUP_DELAY : Cause.SIDECAR_WORKER_QUEUE,
          actor,
          process,
          unread,
          "it has not read them from its sockets",
          affected);
    }
    return read.isEmpty() || isBlind(process, actor)
        ? null
        : holder(process, actor, read, affected);
  }

  /** Whether it makes calls that are not seen while they wait. */
  private boolean isBlind(ProcessKey process, Actor actor) {
    Owners.Worker worker = owners.of(path, actor).get(process);
    return worker == null || worker.asksOnStreams();
  }

  private @Nullable Finding holder(
      ProcessKey process, Actor actor, List<Unanswered> read, double affected) {
    long oldest = read.stream().mapToLong(Unanswered::ageNanos).max().orElse(0) + SLACK_NANOS;
    List<Unanswered> since =
        calls.getOrDefault(process, List.of()).stream()
            .filter(c -> c.ageNanos() <= oldest)
            .toList();
    boolean isApp = actor.kind() == Actor.Kind.APP;
    if (since.isEmpty()) {
      return finding(
          isApp ? Cause.APP_SERVICE_TIME : Cause.SIDECAR_FILTER,
          actor,
          process,
          read,
          isApp
              ? "it has read them, and waits for no call of its own that sockets show"
              : "it has read them and sent nothing on: a filter, a full pool, or a connect that"
                  + " nobody answers",
          affected);
    }
    Unanswered outside = since.stream().filter(c -> c.peerTgid() == 0).findFirst().orElse(null);
    if (!isApp || outside == null) {
      return null; // whom it waits for is looked at in its turn
    }
    return finding(
        Cause.DEPENDENCY,
        actor,
        process,
        read,
        since.size() + " calls of its own wait, the first for " + outside.peer(),
        affected);
  }

  private double stoppedShare(ProcessKey process, Iterable<Window> windows) {
    ProcessTime sum = new ProcessTime();
    for (Window w : windows) {
      ProcessTime part = w.process(process);
      if (part != null) {
        sum.add(part);
      }
    }
    return sum.stoppedShare();
  }

  private @Nullable Finding finding(
      Cause cause,
      Actor actor,
      ProcessKey process,
      List<Unanswered> held,
      String why,
      double affected) {
    Edge edge = edge(actor);
    if (edge == null) {
      return null;
    }
    double age = held.stream().mapToLong(Unanswered::ageNanos).max().orElse(oldestNanos());
    Party party = edge.server().equals(actor.name()) ? server(actor) : client(actor);
    Owners.Worker worker = owners.of(path, actor).get(process);
    return new Finding(
        Kind.LATENCY,
        cause,
        party,
        actor,
        edge,
        age,
        age,
        1,
        affected,
        List.of(
            Math.max(held.size(), requests())
                + " requests have no answer, the first for "
                + Words.millis(age),
            why,
            "the process: "
                + (worker == null ? "" : worker.name() + ", ")
                + "pid "
                + process.tgid()
                + (process.node().isEmpty() ? "" : " on node " + process.node())),
        Remedies.of(cause));
  }

  private static Party server(Actor actor) {
    return actor.kind() == Actor.Kind.APP ? Party.SERVER_APP : Party.SERVER_SIDECAR;
  }

  private static Party client(Actor actor) {
    return actor.kind() == Actor.Kind.APP ? Party.CLIENT_APP : Party.CLIENT_SIDECAR;
  }

  /** Where the actor was asked, else where it asks. */
  private @Nullable Edge edge(Actor actor) {
    Edge asking = null;
    for (Edge e : edges) {
      if (e.server().equals(actor.name())) {
        return e;
      }
      asking = e.client().equals(actor.name()) ? e : asking;
    }
    return asking;
  }
}
