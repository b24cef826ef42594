package io.hoptoll.model;

import java.util.List;

/**
 * A network namespace and the addresses that are local in it: how a pod is found by its IP.
 *
 * @param addresses none: the namespace is gone
 */
public record NetworkNamespace(String node, long netns, List<Endpoint> addresses) {
  public NetworkNamespace {
    addresses = List.copyOf(addresses);
  }
}
