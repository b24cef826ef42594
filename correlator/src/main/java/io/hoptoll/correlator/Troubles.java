package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.TransportEvent;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;

/** What the kernels told of one hop's connections while it ran. */
final class Troubles {
  static final Troubles NONE = new Troubles();

  private static final String SYN = "SYN to ";

  private final Map<Evidence, Long> amounts = new TreeMap<>();

  /** Packets by reason and function, such as "NETFILTER_DROP in nf_hook_slow". */
  private final Map<String, Long> drops = new TreeMap<>();

  /** Both ends of a connection on one node find the same ones. */
  private final Set<PacketDrop> seen = new HashSet<>();

  void add(TransportEvent e) {
    switch (e.kind()) {
      case RETRANSMIT_TIMEOUT, RETRANSMIT_AFTER_TIMEOUT ->
          add(Evidence.RETRANSMITS_BY_TIMEOUT, e.amount());
      case RETRANSMIT_FAST -> add(Evidence.RETRANSMITS_FAST, e.amount());
      case RETRANSMIT_PROBE -> add(Evidence.RETRANSMITS_PROBE, e.amount());
      case RESET_SENT, RESET_RECEIVED -> add(Evidence.RESETS, 1);
      case ACCEPT_QUEUE -> add(Evidence.ACCEPT_QUEUE_DROPS, e.amount());
      case WINDOW_CLOSED_HERE, WINDOW_CLOSED_THERE -> add(Evidence.CLOSED_WINDOWS, 1);
      case RETRANSMIT_SYN, RETRANSMIT_SYN_ACK -> {
        // the opening's own count has them
      }
    }
  }

  /** What came twice is a trace of a retransmit, not a loss. */
  void add(PacketDrop d) {
    boolean twice = d.reason().equals("TCP_OLD_DATA") || d.reason().equals("TCP_OFOMERGE");
    if (twice || !seen.add(d)) {
      return;
    }
    add(Evidence.PACKETS_DROPPED, d.packets());
    int offset = d.location().indexOf('+');
    String function = offset < 0 ? d.location() : d.location().substring(0, offset);
    drops.merge(d.reason() + " in " + function, d.packets(), Long::sum);
  }

  /** One request's wait for connects that nobody answered. */
  void unanswered(long nanos) {
    add(Evidence.WAITED_FOR_SYN, nanos);
  }

  void unanswered(Endpoint peer) {
    drops.merge(SYN + peer, 1L, Long::sum);
  }

  /** Whether it is not packets, but requests by whom their SYNs went to. */
  static boolean isUnanswering(String reason) {
    return reason.startsWith(SYN);
  }

  /** Of what was dropped on an edge, by reason: requests by whom their SYNs went to. */
  static Map<String, Long> unanswering(Map<String, Long> drops) {
    Map<String, Long> own = new TreeMap<>(drops);
    own.keySet().removeIf(k -> !isUnanswering(k));
    return own;
  }

  /** The rest: packets, by reason and place. */
  static Map<String, Long> packets(Map<String, Long> drops) {
    Map<String, Long> own = new TreeMap<>(drops);
    own.keySet().removeIf(Troubles::isUnanswering);
    return own;
  }

  private void add(Evidence evidence, long amount) {
    amounts.merge(evidence, amount, Long::sum);
  }

  boolean isEmpty() {
    return amounts.isEmpty();
  }

  void collect(ObjLongConsumer<Evidence> out) {
    amounts.forEach(out::accept);
  }

  Map<String, Long> drops() {
    return drops;
  }
}
