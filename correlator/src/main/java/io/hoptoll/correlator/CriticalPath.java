package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.Leg;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Mark;
import io.hoptoll.model.Nanos;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Flattens a tree of hops: a server app's service time is replaced by the hops it waited for and
 * its own rest. Of hops in parallel the one that ended last counts. The charges sum to the root's
 * total.
 */
final class CriticalPath {
  private CriticalPath() {}

  static List<Charge> charges(PathNode root) {
    List<Charge> charges = new ArrayList<>(24);
    collect(root, charges);
    return charges;
  }

  private static void collect(PathNode node, List<Charge> out) {
    Ledger ledger = node.hop().ledger();
    long shift = node.children().isEmpty() ? Nanos.UNSET : serverShift(node.hop());
    for (Leg leg : ledger.legs()) {
      boolean service = leg.contains(LegKind.SERVER_APP_SERVICE);
      if (!service) {
        out.add(new Charge(node.edge(), leg.kinds(), leg.nanos()));
        continue;
      }
      long kinds =
          leg.kinds() == LegKind.SERVER_APP_SERVICE.bit()
              ? LegKind.SERVER_APP_SELF.bit()
              : leg.kinds();
      long from = ledger.startNanos() + leg.startNanos() - shift;
      long self = Nanos.isSet(shift) ? children(node, from, from + leg.nanos(), out) : leg.nanos();
      out.add(new Charge(node.edge(), kinds, self));
    }
  }

  /** Charges the children on the critical path of the interval; returns what they leave. */
  private static long children(PathNode node, long from, long to, List<Charge> out) {
    List<PathNode> lastFirst = new ArrayList<>(node.children());
    lastFirst.sort(Comparator.comparingLong(PathNode::endNanos).reversed());
    long cursor = to;
    long self = 0;
    for (PathNode child : lastFirst) {
      if (child.endNanos() <= cursor && child.startNanos() >= from) {
        self += cursor - child.endNanos();
        collect(child, out);
        cursor = child.startNanos();
      }
    }
    return self + cursor - from;
  }

  /** Ledger axis less the server's own clock: 0 on one clock; unset where nothing ties them. */
  static long serverShift(Hop hop) {
    HalfHop server = hop.server();
    if (server == null) {
      return Nanos.UNSET;
    }
    Ledger.MarkTime read = hop.ledger().mark(Mark.SERVER_SIDECAR_READ);
    if (read == null) {
      return Nanos.UNSET;
    }
    Exchange down = server.downstream();
    long own =
        read.source() == Ledger.Source.KERNEL && down != null
            ? down.marks().readFirstNanos()
            : server.startNanos();
    return hop.ledger().startNanos() + read.nanos() - own;
  }
}
