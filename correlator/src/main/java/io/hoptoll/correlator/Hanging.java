package io.hoptoll.correlator;

import io.hoptoll.correlator.Verdict.Finding;
import io.hoptoll.correlator.Verdict.Kind;
import io.hoptoll.correlator.pods.Unanswered;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Party;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Requests that nobody has answered yet, and who has them: an access log tells of a request when it
 * is over, sockets while it waits. A process has a request if it was asked and waits for no call
 * that it made since; or if it was sent one and does not read it.
 */
final class Hanging {
  /**
   * Sooner no request hangs: the first retransmission time-outs are over, and a pause of the agent.
   */
  private static final long LEAST_NANOS = Nanos.PER_SECOND;

  /** What was answered is compared over so long a time, whatever still hangs from before. */
  private static final long COMPARED_NANOS = 10 * Nanos.PER_SECOND;

  /** Seen by sockets at all, as far back as they remember. */
  private static final long COUNTED_NANOS = 15 * Nanos.PER_SECOND;

  /** An answer is told by the idle flush (200 ms), in steps of 250 ms. */
  private static final long TOLD_AFTER_NANOS = 450 * Nanos.PER_MILLI;

  /** Of the slowest that are usual. */
  private static final double TIMES_USUAL = 3;

  /** Fewer are not told beside those that were answered. */
  private static final int FEW = 3;

  /** Of requests that ended so lately not all are known: their entries and other halves wait. */
  private static final long KNOWN_AFTER_SECONDS = 4;

  /** The same where callers have no sidecar: a server's half waits for theirs. */
  private static final long KNOWN_LATER_SECONDS = 8;

  /** So many are expected at least before their absence says anything. */
  private static final double EXPECTED = 6;

  /** The path lost more than this share of its requests. */
  private static final double MISSING_SHARE = 2.0 / 3;

  /** A process that was stopped in more of the looks cannot have answered. */
  private static final double STOPPED_SHARE = 0.5;

  /** Of failures: nobody answered. */
  private static final Set<Cause> GIVEN_UP =
      Set.of(Cause.CLIENT_ABORT, Cause.SIDECAR_TIMEOUT_SET_TOO_LOW);

  private static final Set<Cause> FROZEN = Set.of(Cause.APP_FROZEN, Cause.SIDECAR_FROZEN);

  /**
   * What is open now.
   *
   * @param answers what was answered meanwhile
   * @param inVain what was sent and not acknowledged
   * @param wallNanos the time
   */
  record Live(List<Unanswered> requests, Answers answers, InVain inVain, long wallNanos) {
    /** Of a range that is over nobody knows what hung in it. */
    static final Live NONE = new Live(List.of(), (n, t, p, age) -> 0, (p, since) -> null, 0);
  }

  /** How many requests a process answered on a port that it was asked this long ago or later. */
  interface Answers {
    long since(String node, int tgid, int port, long ageNanos);
  }

  /** To whom a process sends in vain since then, by the wall clock; null: to nobody. */
  interface InVain {
    Unacknowledged.@Nullable InVain since(ProcessKey process, long wallNanos);
  }

  /**
   * What is usual: without it nothing hangs for sure.
   *
   * @param slowestNanos what the slowest requests take
   * @param perSecond how many there are
   */
  record Well(double slowestNanos, double perSecond) {}

  /** Gives the windows that begin in [from, to), seconds of the wall clock. */
  interface Range {
    Collection<Window> between(long fromSecond, long toSecond);
  }

  /**
   * What hangs, and beside what.
   *
   * @param oldestNanos age of the first
   * @param answered requests that ended since that began, of those that are known by now
   * @param isMost whether the path has lost most of its requests to them
   * @param findings who has them, longest first
   */
  record Found(
      int requests, long oldestNanos, long answered, boolean isMost, List<Finding> findings) {
    static final Found NOTHING = new Found(0, 0, 0, false, List.of());

    /** Whether that is the answer: those that ended say little. */
    boolean leads() {
      return isMost && !findings.isEmpty();
    }

    String headline() {
      Finding f = findings.get(0);
      return Words.blame(f)
          + requests
          + " requests without an answer for up to "
          + Words.millis(f.nanos());
    }

    List<String> doubts() {
      if (requests == 0 || requests < FEW && !leads()) {
        return List.of();
      }
      return List.of(
          requests
              + " requests have had, or had until just now, no answer for up to "
              + Words.millis(oldestNanos)
              + (findings.isEmpty() ? "" : ", at " + findings.get(0).actor().name())
              + "; "
              + answered
              + " were answered since. Those that still wait are not among those that are counted here");
    }
  }

  private final Owners owners;
  private final String path;
  private final Set<Edge> edges;
  private final Well well;
  private final Live live;
  private final HungRequests hung;

  /**
   * @param edges of the path
   * @param well what the path is when it is well
   */
  Hanging(Owners owners, String path, Set<Edge> edges, Well well, Live live) {
    this.owners = owners;
    this.path = path;
    this.edges = edges;
    this.well = well;
    this.live = live;
    double from = Math.max(LEAST_NANOS, TIMES_USUAL * well.slowestNanos());
    this.hung = new HungRequests(owners, path, from, live.requests());
  }

  Found found(Range windows) {
    int requests = hung.count();
    if (requests == 0) {
      return Found.NOTHING;
    }
    long oldest = hung.oldestNanos();
    long sinceNanos = hung.sinceNanos();
    // Whole seconds only: what ended in the one in which it began may have ended before.
    long since = (live.wallNanos() - sinceNanos) / Nanos.PER_SECOND + 1;
    long now = live.wallNanos() / Nanos.PER_SECOND + 1;
    Collection<Window> later = windows.between(since, now);
    long known = later.stream().mapToLong(this::answered).sum();
    double expected = Math.max(0, now - knownAfter() - since) * well.perSecond();
    long lately = Math.min(sinceNanos, COMPARED_NANOS);
    boolean isMost =
        isMissing(known, expected) || requests >= FEW && isMissingAtSockets(known, lately);
    long answered = Math.max(known, atSockets(lately));
    List<Finding> findings = findings(later, requests, answered);
    boolean isSure = findings.stream().anyMatch(f -> FROZEN.contains(f.cause()));
    return new Found(requests, oldest, answered, isMost || isSure, findings);
  }

  private static boolean isMissing(long answered, double expected) {
    return expected >= EXPECTED && answered < (1 - MISSING_SHARE) * expected;
  }

  /** The path's requests of a window; what was given up is no answer. */
  private long answered(Window window) {
    PathWindow own = window.path(path);
    if (own == null) {
      return 0;
    }
    long givenUp =
        own.failures().entrySet().stream()
            .filter(f -> GIVEN_UP.contains(f.getKey().cause()))
            .mapToLong(Map.Entry::getValue)
            .sum();
    return Math.max(0, own.count() - givenUp);
  }

  /**
   * Sockets know at once what was answered, but not of which path: of others it may be. Where none
   * that has requests is seen to answer (TLS, HTTP/2), they know nothing; and windows that know of
   * answers know better.
   */
  private boolean isMissingAtSockets(long known, long nanos) {
    double told = Math.max(0, nanos - well.slowestNanos() - TOLD_AFTER_NANOS);
    double expected = well.perSecond() * told / Nanos.PER_SECOND;
    boolean isSeen = atSockets(COUNTED_NANOS) > 0;
    return isSeen && isMissing(known, expected) && isMissing(atSockets(nanos), expected);
  }

  /** All processes of whichever actor that has requests answered most. */
  private long atSockets(long ageNanos) {
    return holders().stream().mapToLong(h -> answered(h, ageNanos)).max().orElse(0);
  }

  private record Holder(Actor actor, int port) {}

  private Set<Holder> holders() {
    Set<Holder> all = new HashSet<>();
    hung.processes()
        .forEach((p, actor) -> hung.all(p).forEach(u -> all.add(new Holder(actor, u.port()))));
    return all;
  }

  private long answered(Holder of, long ageNanos) {
    return owners.of(path, of.actor()).keySet().stream()
        .mapToLong(p -> live.answers().since(p.node(), p.tgid(), of.port(), ageNanos))
        .sum();
  }

  private long knownAfter() {
    boolean isFromOutside = edges.stream().anyMatch(e -> e.client().equals(Edge.OUTSIDE));
    return isFromOutside ? KNOWN_LATER_SECONDS : KNOWN_AFTER_SECONDS;
  }

  /** A stopped one explains all others: they wait for it. */
  private List<Finding> findings(Collection<Window> later, int requests, long answered) {
    double affected = (double) requests / (requests + answered);
    Set<ProcessKey> all = hung.processes().keySet();
    List<Held> held =
        all.stream()
            .filter(p -> ProcessTime.of(p, later).stoppedShare() > STOPPED_SHARE)
            .map(this::stopped)
            .toList();
    held = held.isEmpty() ? all.stream().flatMap(this::held).toList() : held;
    return held.stream()
        .map(h -> finding(h, requests, affected))
        .filter(Objects::nonNull)
        .sorted(Comparator.comparingDouble(Finding::nanos).reversed())
        .toList();
  }

  /**
   * A process that has requests.
   *
   * @param requests none: it is not seen which
   * @param why in words
   * @param peer on the way to whom they are; null: it has them itself
   */
  private record Held(
      ProcessKey process,
      Actor actor,
      Cause cause,
      List<Unanswered> requests,
      String why,
      @Nullable Endpoint peer) {}

  private Held held(ProcessKey p, Cause ofApp, Cause ofSidecar, List<Unanswered> all, String why) {
    Actor actor = Objects.requireNonNull(hung.processes().get(p));
    return new Held(p, actor, isApp(actor) ? ofApp : ofSidecar, all, why, null);
  }

  private static boolean isApp(Actor actor) {
    return actor.kind() == Actor.Kind.APP;
  }

  private Held stopped(ProcessKey p) {
    List<Unanswered> all = hung.read(p).isEmpty() ? hung.unread(p) : hung.read(p);
    String why = "its process is stopped (state T, or its cgroup is frozen)";
    return held(p, Cause.APP_FROZEN, Cause.SIDECAR_FROZEN, all, why);
  }

  private Stream<Held> held(ProcessKey p) {
    List<Unanswered> unread = hung.unread(p);
    if (!unread.isEmpty()) {
      String why = "it has not read them from its sockets";
      return Stream.of(held(p, Cause.APP_PICKUP_DELAY, Cause.SIDECAR_WORKER_QUEUE, unread, why));
    }
    boolean isAsked = !hung.read(p).isEmpty();
    Held blocked = isAsked ? onTheWay(p) : notAccepted(p);
    blocked = blocked == null ? untaken(p) : blocked;
    if (blocked != null) {
      return Stream.of(blocked);
    }
    return !isAsked || isBlind(p) ? Stream.empty() : Stream.ofNullable(keeping(p));
  }

  /** A sidecar's app has taken none of at least half of what the sidecar waits for. */
  private @Nullable Held untaken(ProcessKey p) {
    List<Unanswered> untaken = hung.untaken(p);
    if (untaken.isEmpty() || 2 * untaken.size() < hung.read(p).size()) {
      return null;
    }
    Actor sidecar = Objects.requireNonNull(hung.processes().get(p));
    Holder app = new Holder(new Actor(Actor.Kind.APP, sidecar.name()), untaken.get(0).port());
    if (answered(app, HungRequests.since(untaken.stream())) > 0) {
      return null; // it takes some, if late: whatever keeps it, it is not this
    }
    String why =
        "it sent them to "
            + untaken.get(0).peer()
            + ", and nobody has accepted these connections, or read from them";
    return held(p, Cause.APP_PICKUP_DELAY, Cause.APP_PICKUP_DELAY, untaken, why);
  }

  /**
   * What a sidecar was asked inside TLS is not seen; that its app's listener takes none of its
   * connections is, for at least half of those that hang.
   */
  private @Nullable Held notAccepted(ProcessKey p) {
    long since = Math.min(hung.sinceNanos(), COMPARED_NANOS);
    Unacknowledged.InVain v = live.inVain().since(p, live.wallNanos() - since);
    Actor actor = Objects.requireNonNull(hung.processes().get(p));
    if (v == null || !v.isInside() || isApp(actor) || 2L * v.connections() < hung.count()) {
      return null;
    }
    if (!hung.isOfAppBehind(p, v.peer().port())) {
      return null;
    }
    String why = Unacknowledged.words(v);
    return new Held(p, actor, Cause.APP_ACCEPT_QUEUE_FULL, List.of(), why, v.peer());
  }

  /** Those that it sent on and nobody acknowledged: at least half of what it waits for. */
  private @Nullable Held onTheWay(ProcessKey p) {
    List<Unanswered> read = hung.read(p);
    long since = Math.min(HungRequests.since(read.stream()), COMPARED_NANOS);
    Unacknowledged.InVain v = live.inVain().since(p, live.wallNanos() - since);
    Actor actor = Objects.requireNonNull(hung.processes().get(p));
    if (v == null || v.isInside() && isApp(actor)) {
      return null;
    }
    if (!mayBeAll(v.connections() + v.others(), v.connecting(), p, isApp(actor))) {
      return null;
    }
    Cause ofWay = v.connecting() > v.established() ? Cause.TRANSPORT_CONNECT : Cause.TRANSPORT_LOSS;
    Cause cause = v.isInside() ? Cause.APP_ACCEPT_QUEUE_FULL : ofWay;
    return new Held(p, actor, cause, read, Unacknowledged.words(v), v.peer());
  }

  /**
   * Whether at least half of what it waits for outside its pod may be on these connections. An app
   * makes a call for each request; a sidecar may send many on one connection.
   *
   * @param connecting of the connections: they are no calls yet, and stand for one each
   */
  private boolean mayBeAll(int connections, int connecting, ProcessKey p, boolean isApp) {
    List<Unanswered> calls = hung.callsSince(p).stream().filter(hung::isOld).toList();
    long inside = calls.stream().filter(c -> c.peerTgid() != 0).count();
    long outside = calls.size() - inside + connecting;
    long read = hung.read(p).size();
    long inbound = hung.read(p).stream().filter(u -> u.peerTgid() == 0).count();
    // What a sidecar was asked by its own app went outside; inside TLS the rest is not counted.
    long waiting = read - (isApp ? inside : Math.min(inside, inbound));
    return waiting > 0 && 2L * connections >= Math.max(outside, isApp ? waiting : 0);
  }

  /** Whether it makes calls that are not seen while they wait. */
  private boolean isBlind(ProcessKey p) {
    Owners.Worker worker = worker(p);
    return worker == null || worker.asksOnStreams();
  }

  private Owners.@Nullable Worker worker(ProcessKey p) {
    return owners.of(path, Objects.requireNonNull(hung.processes().get(p))).get(p);
  }

  private @Nullable Held keeping(ProcessKey p) {
    List<Unanswered> read = hung.read(p);
    List<Unanswered> since = hung.callsSince(p);
    List<Unanswered> calls = since.stream().filter(hung::isOld).toList();
    boolean isApp = isApp(Objects.requireNonNull(hung.processes().get(p)));
    if (calls.isEmpty() && !since.isEmpty()) {
      return null; // made later than the requests came: nobody can say
    }
    if (calls.isEmpty()) {
      String why =
          isApp
              ? "it has read them, and waits for no call of its own that sockets show"
              : "it has read them and sent nothing on: a filter, a full pool, a name that does not"
                  + " resolve, or a connect that nobody answers";
      return held(p, Cause.APP_SERVICE_TIME, Cause.SIDECAR_FILTER, read, why);
    }
    // Whom it waits for in its pod is looked at in its turn; so is who is behind its sidecar.
    Unanswered outside = calls.stream().filter(c -> c.peerTgid() == 0).findFirst().orElse(null);
    return isApp && outside != null
        ? held(p, Cause.DEPENDENCY, Cause.DEPENDENCY, read, waitsFor(calls.size(), outside))
        : null;
  }

  private static String waitsFor(int calls, Unanswered first) {
    return calls + " calls of its own wait, one for " + first.peer();
  }

  private @Nullable Finding finding(Held h, int requests, double affected) {
    Endpoint peer = h.cause() == Cause.APP_ACCEPT_QUEUE_FULL ? null : h.peer();
    Edge edge = peer == null ? edge(h.actor()) : edgeTo(h.actor(), peer);
    if (edge == null) {
      return null;
    }
    Party party = party(h, edge);
    double age = HungRequests.oldest(h.requests().stream());
    age = age == 0 ? hung.oldestNanos() : age;
    int own = h.requests().isEmpty() ? requests : h.requests().size();
    return new Finding(
        Kind.LATENCY,
        h.cause(),
        party,
        Actor.of(edge, party),
        edge,
        age,
        age,
        1,
        affected,
        List.of(
            own + " requests wait, or waited until just now, the first for " + Words.millis(age),
            h.why(),
            Words.process(h.process(), worker(h.process()))),
        Remedies.of(h.cause()));
  }

  private static Party party(Held h, Edge edge) {
    Actor actor = h.actor();
    boolean isServer = edge.server().equals(actor.name());
    boolean isAppBehind =
        h.cause() == Cause.APP_ACCEPT_QUEUE_FULL || h.cause() == Cause.APP_PICKUP_DELAY;
    if (isAppBehind || isApp(actor) && h.peer() == null) {
      return isServer ? Party.SERVER_APP : Party.CLIENT_APP;
    }
    if (h.peer() != null) {
      return Party.TRANSPORT;
    }
    return isServer ? Party.SERVER_SIDECAR : Party.CLIENT_SIDECAR;
  }

  /**
   * Where the actor's calls to this address go; of one that never answered, where it asks, if that
   * is one place.
   */
  private @Nullable Edge edgeTo(Actor actor, Endpoint peer) {
    Edge known = owners.called(path, actor, peer);
    List<Edge> calls = edges.stream().filter(e -> e.client().equals(actor.name())).toList();
    if (known != null || calls.size() > 1) {
      return known;
    }
    return calls.isEmpty() ? edge(actor) : calls.get(0);
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
