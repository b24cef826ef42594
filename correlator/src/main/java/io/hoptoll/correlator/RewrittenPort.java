package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Marks;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The app's end of a redirected connection whose source port NAT replaced (two of the pod's
 * connections from one port would be the same behind REDIRECT). Both ends are on one clock and
 * carry the same bytes: what the app sent and got to and from the original destination is what the
 * sidecar read and wrote, no earlier and no later. Only if one exchange alone fits, and the
 * sidecar's connection from that exchange's own port, if there is one, may be another's.
 */
final class RewrittenPort {
  private RewrittenPort() {}

  /**
   * @param called exchanges of the pod's sockets with the original destination
   * @param accepted the sidecar's end
   * @param isRewritable whether the app's end may be another one to the sidecar
   */
  static SocketTurns.@Nullable Turn find(
      List<SocketTurns.Turn> called, Exchange accepted, Predicate<Endpoint> isRewritable) {
    SocketTurns.Turn only = null;
    for (SocketTurns.Turn turn : called) {
      if (isOtherEnd(turn.exchange, accepted) && isRewritable.test(turn.exchange.tuple().local())) {
        if (only != null) {
          return null;
        }
        only = turn;
      }
    }
    return only;
  }

  private static boolean isOtherEnd(Exchange app, Exchange sidecar) {
    Marks a = app.marks();
    Marks s = sidecar.marks();
    return app.turn() == sidecar.turn()
        && app.owner().tgid() != sidecar.owner().tgid()
        && app.volume().bytesOut() == sidecar.volume().bytesIn()
        && app.volume().bytesIn() == sidecar.volume().bytesOut()
        && a.sendFirstNanos() <= s.readFirstNanos()
        && s.sendFirstNanos() <= a.readFirstNanos();
  }
}
