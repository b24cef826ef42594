package io.hoptoll.correlator;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SocketTuple;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which network namespace a proxy lives in. First by its addresses (exactly one namespace must have
 * one of them), else by a socket: the only namespace that holds the span's upstream connection.
 */
final class PodDirectory {
  private final Map<Endpoint, Set<PodKey>> byAddress = new HashMap<>();
  private final Map<PodKey, List<Endpoint>> addresses = new HashMap<>();
  private final Cache<SocketTuple, PodKey> bySocket =
      Caffeine.newBuilder().maximumSize(Limits.EXCHANGES).executor(Runnable::run).build();

  /** By all that the proxy said of itself: plain Envoys may share one node.id. */
  private final Cache<Proxy, PodKey> byProxy =
      Caffeine.newBuilder().maximumSize(Limits.NAMESPACES).executor(Runnable::run).build();

  void namespace(NetworkNamespace ns) {
    PodKey pod = new PodKey(ns.node(), ns.netns());
    List<Endpoint> before = addresses.remove(pod);
    if (before != null) {
      before.forEach(a -> release(a.host(), pod));
    }
    if (ns.addresses().isEmpty() || addresses.size() >= Limits.NAMESPACES) {
      return; // gone, or one too many
    }
    addresses.put(pod, ns.addresses());
    ns.addresses().stream().filter(a -> !a.isLoopback()).forEach(a -> holders(a.host()).add(pod));
  }

  /** No agent has reported a namespace: there are access logs only, nothing to wait for. */
  boolean isEmpty() {
    return addresses.isEmpty();
  }

  /**
   * Learns that this connecting socket lives in the pod. Loopback addresses exist in each
   * namespace: a pair that two of them use names neither.
   */
  void socket(PodKey pod, SocketTuple tuple) {
    PodKey known = bySocket.getIfPresent(tuple);
    boolean elsewhere = known != null && !known.equals(pod);
    boolean ambiguous = elsewhere && tuple.local().isLoopback() && tuple.remote().isLoopback();
    bySocket.put(tuple, ambiguous ? PodKey.UNKNOWN : pod);
  }

  PodKey resolve(SidecarSpan span) {
    Proxy proxy = span.proxy();
    PodKey known = byProxy.getIfPresent(proxy);
    if (known != null && addresses.containsKey(known)) {
      return known;
    }
    PodKey found = byAddress(proxy);
    if (found == null) {
      found =
          bySocket.getIfPresent(
              new SocketTuple(span.addresses().upstreamLocal(), span.addresses().upstreamRemote()));
    }
    if (found == null) {
      return PodKey.UNKNOWN;
    }
    // Without an address of its own a proxy cannot be told from its replicas: each span anew.
    if (!proxy.podIps().isEmpty()) {
      byProxy.put(proxy, found);
    }
    return found;
  }

  private @Nullable PodKey byAddress(Proxy proxy) {
    for (String ip : proxy.podIps()) {
      Endpoint host = literal(ip);
      Set<PodKey> pods = host == null ? null : byAddress.get(host);
      if (pods != null && pods.size() == 1) {
        return pods.iterator().next();
      }
    }
    return null;
  }

  /** Null where a sender put something else there: its word must not stop the join. */
  private static @Nullable Endpoint literal(String ip) {
    try {
      return Endpoint.parse(ip, 0);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private void release(Endpoint host, PodKey pod) {
    Set<PodKey> pods = byAddress.get(host);
    if (pods != null && pods.remove(pod) && pods.isEmpty()) {
      byAddress.remove(host);
    }
  }

  private Set<PodKey> holders(Endpoint host) {
    return byAddress.computeIfAbsent(host, h -> new HashSet<>());
  }
}
