package io.hoptoll.wire;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The account of each node; bounded. */
final class Nodes {
  private final Outlet outlet;
  private final ConcurrentMap<String, NodeAccount> accounts = new ConcurrentHashMap<>();

  Nodes(Outlet outlet) {
    this.outlet = outlet;
  }

  /** The node's account; a node too many takes the place of the one silent longest. */
  synchronized NodeAccount of(String node, long nowNanos) {
    if (!accounts.containsKey(node) && accounts.size() >= Limits.NODES) {
      accounts.entrySet().stream()
          .max(Comparator.comparingLong(e -> e.getValue().silentNanos(nowNanos)))
          .ifPresent(e -> accounts.remove(e.getKey()));
    }
    return accounts.computeIfAbsent(node, n -> new NodeAccount(n, outlet));
  }

  void sweep(long nowNanos) {
    accounts.values().forEach(a -> a.sweep(nowNanos));
  }

  List<AgentView> views() {
    List<AgentView> views = new ArrayList<>();
    accounts.values().forEach(a -> views.add(a.view()));
    views.sort(Comparator.comparing(AgentView::node));
    return views;
  }
}
