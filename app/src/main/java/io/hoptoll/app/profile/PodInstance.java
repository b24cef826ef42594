package io.hoptoll.app.profile;

import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * One pod, not the one that takes its name later.
 *
 * @param netns its network namespace on its node; once that is gone ({@link Tasks#namespace}),
 *     another pod may get the same
 * @param isNode that is the node's own
 */
public record PodInstance(String namespace, String name, String node, long netns, boolean isNode) {

  /** Whether this half of a call is the pod's: by its sockets, else by its sidecar's name. */
  boolean owns(@Nullable HalfHop half) {
    if (half == null) {
      return false;
    }
    if (half.netns() != 0) {
      return isAt(half.node(), half.netns());
    }
    Proxy proxy = half.span().proxy();
    return proxy.pod().equals(name) && proxy.namespace().equals(namespace);
  }

  boolean isAt(String onNode, long inNamespace) {
    return netns == inNamespace && node.equals(onNode);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
