package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A loss that an observed kernel made itself: it had no room, no memory or no way for the packets,
 * and they explain what was sent again.
 *
 * <p>Two kinds of drops stay a loss ({@link LossRule}, which quotes them): those of netfilter,
 * whose rule let the packet through when it was sent again and so stands for a lossy way (a policy
 * that lets nothing through fails requests, it does not slow them), and damaged packets, which the
 * way damaged.
 */
final class DroppedRule implements CauseRule {
  /** Of the segments sent again, what the kernel's own drops must explain. */
  private static final double MIN_SHARE = 0.5;

  /** Names of enum skb_drop_reason (include/net/dropreason-core.h), without prefix. */
  private static final Set<String> REASONS =
      Set.of(
          "QDISC_DROP",
          "QDISC_OVERLIMIT",
          "QDISC_CONGESTED",
          "CAKE_FLOOD",
          "FQ_BAND_LIMIT",
          "FQ_HORIZON_LIMIT",
          "FQ_FLOW_LIMIT",
          "TC_EGRESS",
          "TC_INGRESS",
          "XDP",
          "BPF_CGROUP_EGRESS",
          "FULL_RING",
          "CPU_BACKLOG",
          "NOMEM",
          "PROTO_MEM",
          "SOCKET_RCVBUFF",
          "SOCKET_BACKLOG",
          "SOCKET_FILTER",
          "PKT_TOO_BIG",
          "IP_OUTNOROUTES",
          "IP_RPFILTER",
          "NEIGH_CREATEFAIL",
          "NEIGH_FAILED",
          "NEIGH_QUEUEFULL",
          "NEIGH_DEAD");

  @Override
  public @Nullable List<String> explains(Suspect s) {
    List<String> loss = LossRule.lossOf(s);
    if (loss == null) {
      return null;
    }
    Map<String, Long> own =
        s.drops().entrySet().stream()
            .filter(e -> REASONS.contains(reason(e.getKey())))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    double share = (double) sum(own) / Math.max(1, sum(Troubles.packets(s.drops())));
    double dropped = share * s.evidence(Evidence.PACKETS_DROPPED);
    double again = s.evidence(Evidence.RETRANSMITS);
    if (dropped == 0 || dropped < MIN_SHARE * again) {
      return null;
    }
    List<String> evidence = new ArrayList<>();
    evidence.add(
        "an observed kernel dropped "
            + Words.number(dropped)
            + " packets a request itself ("
            + Words.commonest(own)
            + "), "
            + Words.number(again)
            + " segments a request were sent again");
    evidence.addAll(loss);
    return evidence;
  }

  /** Of "QDISC_DROP in __dev_queue_xmit". */
  private static String reason(String reasonAndPlace) {
    int end = reasonAndPlace.indexOf(' ');
    return end < 0 ? reasonAndPlace : reasonAndPlace.substring(0, end);
  }

  private static long sum(Map<String, Long> packets) {
    return packets.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public Cause cause() {
    return Cause.TRANSPORT_DROPPED;
  }
}
