package io.hoptoll.correlator.pods;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Marks;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HttpHead;
import io.hoptoll.model.HttpMessage;
import io.hoptoll.model.Latest;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SocketTuple;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Requests that no byte has answered yet: told by their head, where heads are looked at, else by
 * the idle flush. The longest unheard of go for new ones.
 */
final class OpenRequests {
  /** Whether a turn of the connection of this connecting end is a request of HTTP/1. */
  interface Http {
    boolean asks(Endpoint connecting, int turn);
  }

  private record Key(String node, long socketId, int stream) {}

  private record Open(
      PodRef pod,
      int turn,
      ProcessRef owner,
      Role role,
      SocketTuple tuple,
      int flags,
      @Nullable HttpHead head,
      long askedNanos,
      long sinceNanos) {

    /** One of an agent that began again counts anew. */
    boolean isAfter(Exchange e) {
      return turn > e.turn()
          && !(e.has(Exchange.MIDWAY) && askedNanos < OpenRequests.askedNanos(e));
    }
  }

  /** Inside a pod, the connecting end of a connection. */
  private record Inside(PodRef pod, Endpoint client) {
    /** That of the answering end. */
    static Inside client(Exchange e) {
      return new Inside(new PodRef(e.node(), e.netns()), e.tuple().remote());
    }
  }

  /** When something happened last at the answering end of a connection; the latest used stay. */
  private static final class Times extends LinkedHashMap<Inside, Long> {
    private static final long serialVersionUID = 1L;

    Times() {
      super(64, 0.75f, true);
    }

    /** Since this was asked; of an asking end. */
    boolean isAfter(Open o) {
      Long at = o.role == Role.CONNECT ? get(new Inside(o.pod, o.tuple.local())) : null;
      return at != null && at > o.askedNanos;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Inside, Long> eldest) {
      return size() > Limits.OPEN_REQUESTS;
    }
  }

  /**
   * When the answering end was done while the asking end had not read: the last such, since only
   * one that stays unread matters.
   */
  private final Times answered = new Times();

  /** When the answering end read what it had not answered as it was looked at. */
  private final Times read = new Times();

  private final Map<Key, Open> open = Latest.used(Limits.OPEN_REQUESTS);

  /**
   * One whose connection closed before its answer, or that was answered at last.
   *
   * @param peer who held the other end
   * @param isRead whether that had read it
   * @param atNanos when it was over
   * @param keptNanos how long it is told from then on
   */
  private record Over(
      Open request, @Nullable ProcessRef peer, boolean isRead, long atNanos, long keptNanos) {}

  private final Deque<Over> givenUp = new ArrayDeque<>();
  private final Deque<Over> answeredLate = new ArrayDeque<>();

  private final Ends ends;

  OpenRequests(Ends ends) {
    this.ends = ends;
  }

  void message(HttpMessage m, long nowNanos) {
    if (m.head().isRequest()) {
      open.put(
          new Key(m.node(), m.socketId(), m.stream()),
          new Open(
              new PodRef(m.node(), m.netns()),
              m.turn(),
              new ProcessRef(m.node(), m.owner().tgid()),
              m.role(),
              m.tuple(),
              0,
              m.head(),
              nowNanos,
              nowNanos));
    }
  }

  /** Of HTTP/2: the answer begins, or none will come. */
  void answered(HttpMessage m) {
    open.remove(new Key(m.node(), m.socketId(), m.stream()));
  }

  /** The same of all that a connection has. */
  void unknown(String node, long socketId) {
    open.keySet().removeIf(k -> k.socketId == socketId && k.node.equals(node));
  }

  void exchange(Exchange e, long nowNanos) {
    if (e.role() == Role.ACCEPT) {
      answering(e);
    }
    Key key = new Key(e.node(), e.socketId(), 0);
    Open known = open.get(key);
    long asked = askedNanos(e);
    boolean isUnanswered = !isAnswered(e) && Nanos.isSet(asked) && !isNoRequest(e);
    if (isUnanswered && e.has(Exchange.CLOSED)) {
      givenUp(opened(e, known, nowNanos), nowNanos);
    }
    if (!isUnanswered || !e.has(Exchange.FLUSHED) || e.has(Exchange.CLOSED)) {
      if (known != null && !known.isAfter(e)) {
        open.remove(key);
        answeredLate(e, known, nowNanos);
      }
      return;
    }
    if (known != null && known.isAfter(e)) {
      return; // overtaken
    }
    open.put(key, opened(e, known, nowNanos));
  }

  private void answering(Exchange e) {
    boolean isRead = !isAnswered(e) && Nanos.isSet(askedNanos(e));
    if (isAnswered(e) && e.has(Exchange.FLUSHED)) {
      answered.put(Inside.client(e), e.marks().sendFirstNanos());
    } else if (isRead && (e.has(Exchange.FLUSHED) || e.has(Exchange.CLOSED))) {
      read.put(Inside.client(e), askedNanos(e));
    }
  }

  private static Open opened(Exchange e, @Nullable Open known, long nowNanos) {
    long asked = askedNanos(e);
    return new Open(
        new PodRef(e.node(), e.netns()),
        e.turn(),
        new ProcessRef(e.node(), e.owner().tgid()),
        e.role(),
        e.tuple(),
        e.flags(),
        known != null && known.turn == e.turn() ? known.head : null,
        asked,
        nowNanos - Math.max(0, e.emitNanos() - asked));
  }

  private void givenUp(Open o, long nowNanos) {
    if (nowNanos - o.sinceNanos < Limits.GIVEN_UP_AFTER_NANOS || answered.isAfter(o)) {
      return;
    }
    ProcessRef peer = ends.otherEnd(o.pod, o.role, o.tuple, o.askedNanos);
    add(givenUp, new Over(o, peer, read.isAfter(o), nowNanos, Limits.GIVEN_UP_NANOS));
  }

  /** It hung until now, and no access log tells of it yet. */
  private void answeredLate(Exchange e, Open known, long nowNanos) {
    boolean isIts = known.turn == e.turn() && isAnswered(e) && Nanos.isSet(askedNanos(e));
    long waited = isIts ? answeredNanos(e) - askedNanos(e) : 0;
    if (waited < Limits.GIVEN_UP_AFTER_NANOS) {
      return;
    }
    Open late = opened(e, known, nowNanos);
    long at = late.sinceNanos + waited;
    ProcessRef peer = ends.otherEnd(late.pod, late.role, late.tuple, late.askedNanos);
    add(answeredLate, new Over(late, peer, true, at, Limits.ANSWERED_LATE_NANOS));
  }

  /** The latest stay. */
  private static void add(Deque<Over> all, Over one) {
    all.addLast(one);
    if (all.size() > Limits.GIVEN_UP) {
      all.removeFirst();
    }
  }

  /** The socket speaks another protocol from now on: what is said last there is no request. */
  void upgraded(Exchange e) {
    open.remove(new Key(e.node(), e.socketId(), 0));
  }

  /** Of HTTP/2 a turn is none; its streams are. */
  private static boolean isNoRequest(Exchange e) {
    return e.has(Exchange.MULTIPLEXED);
  }

  void connection(Connection c) {
    if (Nanos.isSet(c.closeNanos())) {
      open.remove(new Key(c.node(), c.socketId(), 0));
    }
  }

  /** Nobody is left to answer, or to hear. */
  void ended(ProcessRef process) {
    open.values().removeIf(o -> o.owner.equals(process));
  }

  /** Those of a pod, oldest first. */
  List<PodTopology.InFlight> of(PodRef pod, long nowNanos) {
    return open.values().stream()
        .filter(o -> o.pod.equals(pod))
        .sorted(Comparator.comparingLong(Open::sinceNanos))
        .limit(Limits.OPEN_REQUESTS_SHOWN)
        .map(o -> inFlight(o, nowNanos))
        .toList();
  }

  /**
   * All that are turns of their connection, and whose answer is not in the asking end's socket yet;
   * also those that were given up, or answered at last, lately.
   *
   * @param http which turns are requests
   */
  List<Unanswered> turns(Http http, long nowNanos) {
    Stream<Unanswered> waiting =
        open.entrySet().stream()
            .filter(e -> e.getKey().stream == 0 && !answered.isAfter(e.getValue()))
            .map(e -> e.getValue())
            .map(o -> unanswered(o, otherEnd(o), false, http, nowNanos, nowNanos));
    Stream<Unanswered> lately =
        Stream.concat(givenUp.stream(), answeredLate.stream())
            .filter(g -> nowNanos - g.atNanos < g.keptNanos)
            .map(g -> unanswered(g.request, g.peer, g.isRead, http, g.atNanos, nowNanos));
    return Stream.concat(waiting, lately).toList();
  }

  private @Nullable ProcessRef otherEnd(Open o) {
    return ends.openOtherEnd(o.pod, o.role, o.tuple);
  }

  private static Unanswered unanswered(
      Open o, @Nullable ProcessRef peer, boolean isRead, Http http, long untilNanos, long now) {
    boolean isClient = o.role == Role.CONNECT;
    boolean isClear = (o.flags & (Exchange.TLS | Exchange.MULTIPLEXED)) == 0;
    return new Unanswered(
        o.owner.node(),
        o.owner.tgid(),
        isClient,
        isClear
            && (o.head != null || http.asks(isClient ? o.tuple.local() : o.tuple.remote(), o.turn)),
        (isClient ? o.tuple.remote() : o.tuple.local()).port(),
        o.tuple.remote(),
        peer == null ? 0 : peer.tgid(),
        o.tuple.isInsidePod(),
        Math.max(0, untilNanos - o.sinceNanos),
        now - untilNanos,
        isRead);
  }

  private static PodTopology.InFlight inFlight(Open o, long nowNanos) {
    HttpHead h = o.head;
    return new PodTopology.InFlight(
        new Party.Inside(o.owner).id(),
        o.role == Role.CONNECT,
        o.tuple,
        h == null ? "" : h.method(),
        h == null ? "" : h.path(),
        h == null ? "" : h.host(),
        h == null ? "" : h.requestId(),
        Math.max(0, nowNanos - o.sinceNanos));
  }

  static long askedNanos(Exchange e) {
    Marks m = e.marks();
    return e.role() == Role.CONNECT ? m.sendFirstNanos() : m.readFirstNanos();
  }

  static boolean isAnswered(Exchange e) {
    return Nanos.isSet(answeredNanos(e));
  }

  private static long answeredNanos(Exchange e) {
    Marks m = e.marks();
    return e.role() == Role.CONNECT ? m.readFirstNanos() : m.sendFirstNanos();
  }
}
