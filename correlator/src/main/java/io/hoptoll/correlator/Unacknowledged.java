package io.hoptoll.correlator;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Latest;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.TransportEvent;
import io.hoptoll.model.TransportEvent.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What processes sent and no kernel acknowledged within the time-out: SYNs (1 s) and segments (200
 * ms at least, RFC 6298). Told by the sender's kernel while a request waits, long before any log.
 */
final class Unacknowledged {
  /** One time-out is a lost packet, sent again; two in a row are none that arrives. */
  private static final int IN_A_ROW = 2;

  /**
   * A connect that its process gave up sooner was hardly in vain: any segment may take so long, the
   * least of all time-outs (Linux' TCP_RTO_MIN).
   */
  private static final long LEAST_NANOS = 200 * Nanos.PER_MILLI;

  /**
   * Sent again after a time-out, or given up by a process whose own time-out is shorter.
   *
   * @param segments sent again: 1, or 0 of a connect that was given up before
   * @param atNanos when, by the node's clock
   * @param wallNanos when that was heard of
   */
  private record Again(
      long socketId,
      int turn,
      Endpoint peer,
      boolean isSyn,
      boolean isInside,
      int segments,
      long atNanos,
      long wallNanos) {

    /** Whether that turn was sent later, or had its answer later than this; or this is old. */
    boolean isOver(Exchange e) {
      boolean isAnswered = e.role() == Role.CONNECT && e.marks().readFirstNanos() > atNanos;
      boolean isIts = !isSyn && socketId == e.socketId();
      return isIts && (e.turn() > turn || isAnswered)
          || e.emitNanos() - atNanos > Limits.SENT_AGAIN_NANOS;
    }
  }

  /**
   * What a process sent to one peer in vain.
   *
   * @param connecting connections whose SYN nobody answered
   * @param established those on which nothing was acknowledged
   * @param isInside whether the peer is in the same pod
   * @param others connections to other peers that are like these
   */
  record InVain(
      Endpoint peer, int connecting, int established, long segments, boolean isInside, int others) {
    int connections() {
      return connecting + established;
    }

    private InVain beside(int all) {
      return new InVain(peer, connecting, established, segments, isInside, all - connections());
    }
  }

  private final Map<ProcessKey, Deque<Again>> processes = Latest.used(Limits.PROCESSES_CALLING);

  void event(TransportEvent e, long wallNanos) {
    boolean isSyn = e.kind() == Kind.RETRANSMIT_SYN;
    if (!isSyn && e.kind() != Kind.RETRANSMIT_TIMEOUT || e.tgid() == 0) {
      return;
    }
    add(
        new ProcessKey(e.node(), e.tgid()),
        new Again(
            e.socketId(),
            e.turn(),
            e.tuple().remote(),
            isSyn,
            e.tuple().isInsidePod(),
            1,
            e.atNanos(),
            wallNanos));
  }

  private void add(ProcessKey process, Again again) {
    Deque<Again> own = processes.computeIfAbsent(process, k -> new ArrayDeque<>());
    own.addLast(again);
    if (own.size() > Limits.SENT_AGAIN_PER_PROCESS) {
      own.removeFirst();
    }
  }

  /**
   * One that came to stand, or was refused, had its SYN answered. A sidecar whose connect time-out
   * is shorter than the kernel's first (1 s) gives up without a SYN sent again.
   */
  void connection(Connection c, long wallNanos) {
    if (c.role() != Role.CONNECT) {
      return;
    }
    boolean isAnswered =
        Nanos.isSet(c.opening().establishedNanos()) || c.error() == ConnectsInVain.REFUSED;
    if (isAnswered) {
      forget(c.node(), c.owner().tgid(), a -> a.isSyn && a.socketId == c.socketId());
    } else if (isGivenUp(c)) {
      add(
          new ProcessKey(c.node(), c.owner().tgid()),
          new Again(
              c.socketId(),
              0,
              c.tuple().remote(),
              true,
              c.tuple().isInsidePod(),
              0,
              c.closeNanos(),
              wallNanos));
    }
  }

  /** By its process: where the kernel gives up, the connection has an error. */
  private static boolean isGivenUp(Connection c) {
    long syn = c.opening().synNanos();
    return c.life().end() == Connection.End.NEVER_ESTABLISHED
        && c.error() == 0
        && c.owner().tgid() != 0
        && Nanos.isSet(syn)
        && c.closeNanos() - syn >= LEAST_NANOS;
  }

  /** Its connection goes on: what was sent again before did arrive. */
  void exchange(Exchange e) {
    forget(e.node(), e.owner().tgid(), a -> a.isOver(e));
  }

  private void forget(String node, int tgid, Predicate<Again> which) {
    if (processes.isEmpty()) {
      return; // most often
    }
    ProcessKey process = new ProcessKey(node, tgid);
    Deque<Again> own = processes.get(process);
    if (own != null && own.removeIf(which) && own.isEmpty()) {
      processes.remove(process);
    }
  }

  /** To whom it sent most in vain since then; null: to nobody. */
  @Nullable InVain since(ProcessKey process, long wallNanos) {
    Map<Endpoint, Map<Long, List<Again>>> byPeer = new HashMap<>();
    for (Again a : processes.getOrDefault(process, new ArrayDeque<>())) {
      if (a.wallNanos >= wallNanos) {
        byPeer
            .computeIfAbsent(a.peer, k -> new HashMap<>())
            .merge(a.socketId, List.of(a), Unacknowledged::both);
      }
    }
    List<InVain> all =
        byPeer.entrySet().stream().map(e -> inVain(e.getKey(), e.getValue())).toList();
    int connections = all.stream().mapToInt(InVain::connections).sum();
    return all.stream()
        .filter(v -> v.connections() > 0)
        .max(Comparator.comparingInt(InVain::connections))
        .map(v -> v.beside(connections))
        .orElse(null);
  }

  private static List<Again> both(List<Again> a, List<Again> b) {
    List<Again> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  private static InVain inVain(Endpoint peer, Map<Long, List<Again>> sockets) {
    Set<Long> connecting = new HashSet<>();
    Set<Long> established = new HashSet<>();
    long segments = 0;
    boolean isInside = false;
    for (Map.Entry<Long, List<Again>> s : sockets.entrySet()) {
      long syns = s.getValue().stream().filter(Again::isSyn).count();
      int turn = s.getValue().get(s.getValue().size() - 1).turn();
      long again = s.getValue().stream().filter(a -> !a.isSyn && a.turn == turn).count();
      long synsAgain = s.getValue().stream().filter(Again::isSyn).mapToInt(Again::segments).sum();
      if (again >= IN_A_ROW) {
        established.add(s.getKey());
      } else if (syns > 0) {
        connecting.add(s.getKey());
      }
      segments += synsAgain + again;
      isInside |= s.getValue().get(0).isInside();
    }
    return new InVain(peer, connecting.size(), established.size(), segments, isInside, 0);
  }

  /** Such as "SYNs to 10.0.0.7:9080 had no answer on 3 connections". */
  static String words(InVain v) {
    StringBuilder s = new StringBuilder();
    if (v.connecting() > 0) {
      s.append("SYNs to ").append(v.peer()).append(" had no answer on ").append(v.connecting());
      s.append(v.connecting() == 1 ? " connection" : " connections");
    }
    if (v.established() > 0) {
      s.append(s.isEmpty() ? "" : "; ").append("what was sent to ").append(v.peer());
      s.append(" was not acknowledged on ").append(v.established());
      s.append(v.established() == 1 ? " connection" : " connections");
    }
    if (v.segments() > 0) {
      s.append(" (sent again ").append(v.segments()).append(" times by time-out)");
    } else {
      s.append(" (given up by the sender's own time-out)");
    }
    return s.append(v.others() == 0 ? "" : "; " + v.others() + " more to others").toString();
  }
}
