package io.hoptoll.correlator;

import io.hoptoll.correlator.SocketTurns.Turn;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Latest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Requests that a sidecar served and its access log did not tell: entries lost on their way, or
 * left out by a filter. Counted on the sidecar's own sockets, where a request is a turn: of those
 * that an entry has named before, the turns that are surely over and that no entry claimed. HTTP/2
 * (a turn is no request) and connections of one request only cannot tell.
 */
public final class AccessLogLoss {
  /** Of one pod since the start. */
  public record Told(String pod, long told, long untold) {
    /** 0..1. */
    public double untoldShare() {
      return told + untold == 0 ? 0 : (double) untold / (told + untold);
    }
  }

  /** Hears of each request that is over. */
  interface Sink {
    void request(Exchange served, boolean told);
  }

  private static final class Sums {
    String name = "";
    long told;
    long untold;
  }

  private final Map<PodKey, Sums> pods = Latest.used(Limits.NAMESPACES);

  private final Sink out;

  AccessLogLoss(Sink out) {
    this.out = out;
  }

  /** A turn that has waited long enough for its entry, and the others of its socket's address. */
  void waited(PodKey pod, Turn turn, SocketTurns turns) {
    Exchange e = turn.exchange;
    boolean over = e.has(Exchange.CLOSED) || turns.hasLater(e);
    if (e.role() != Exchange.Role.ACCEPT || !over || !turns.isLogged(e.socketId())) {
      return;
    }
    boolean told = turn.takenBy != null;
    Sums sums = pods.computeIfAbsent(pod, k -> new Sums());
    if (turn.takenBy != null) {
      sums.name = turn.takenBy.proxy().pod() + "." + turn.takenBy.proxy().namespace();
    }
    sums.told += told ? 1 : 0;
    sums.untold += told ? 0 : 1;
    out.request(e, told);
  }

  /** Pods whose sidecars' requests were compared, those that told least first. */
  List<Told> pods(int limit) {
    return pods.values().stream()
        .map(s -> new Told(s.name, s.told, s.untold))
        .sorted(Comparator.comparingDouble(Told::untoldShare).reversed())
        .limit(limit)
        .toList();
  }
}
