package io.hoptoll.correlator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/**
 * Client and server halves of one multiplexed connection that could belong to each other: equal
 * requests in the same burst. TCP keeps their order, so the k-th sent is the k-th received; only if
 * there are as many of one side as of the other is it known which is the k-th.
 */
final class StreamGroup<T> {
  /** When a half's request passed the connection. */
  interface Instant<T> {
    long of(T half, boolean client);
  }

  private final List<T> clients = new ArrayList<>();
  private final List<T> servers = new ArrayList<>();
  private final BiPredicate<T, T> matches;

  private StreamGroup(BiPredicate<T, T> matches) {
    this.matches = matches;
  }

  /** All halves of the lane that are connected to the given one by possible matches. */
  static <T> StreamGroup<T> of(
      T half,
      List<T> laneClients,
      List<T> laneServers,
      BiPredicate<T, T> matches,
      Instant<T> began) {
    StreamGroup<T> group = new StreamGroup<>(matches);
    (laneClients.contains(half) ? group.clients : group.servers).add(half);
    int c = 0;
    int s = 0;
    while (c < group.clients.size() || s < group.servers.size()) {
      if (c < group.clients.size()) {
        T client = group.clients.get(c++);
        laneServers.stream()
            .filter(x -> !group.servers.contains(x) && matches.test(client, x))
            .forEach(group.servers::add);
      } else {
        T server = group.servers.get(s++);
        laneClients.stream()
            .filter(x -> !group.clients.contains(x) && matches.test(x, server))
            .forEach(group.clients::add);
      }
    }
    group.clients.sort(Comparator.comparingLong(x -> began.of(x, true)));
    group.servers.sort(Comparator.comparingLong(x -> began.of(x, false)));
    return group;
  }

  /** As many of one side as of the other, and in order each fits its own. */
  boolean isPaired() {
    if (clients.size() != servers.size()) {
      return false;
    }
    for (int i = 0; i < clients.size(); i++) {
      if (!matches.test(clients.get(i), servers.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Both sides are here, yet it cannot be said who belongs to whom. */
  boolean isContradictory() {
    return !clients.isEmpty() && !servers.isEmpty() && !isPaired();
  }

  void pairs(BiConsumer<T, T> out) {
    for (int i = 0; i < clients.size(); i++) {
      out.accept(clients.get(i), servers.get(i));
    }
  }
}
