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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which network namespace a proxy lives in. First by its addresses (exactly one namespace must have
 * one of them), else by a socket: the only namespace that holds the span's upstream connection.
 */
final class PodDirectory {
  private final Map<Endpoint, Set<PodKey>> byAddress = new HashMap<>();
  private final Map<PodKey, List<Endpoint>> addresses = new HashMap<>();

  /** Who had an address last, and is gone: entries of it may still come. Forgotten by age. */
  private final Map<Endpoint, PodKey> gone =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Endpoint, PodKey> eldest) {
          return size() > Limits.NAMESPACES;
        }
      };

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
    byProxy.invalidateAll(); // a pod's successor may have its name and its address
    if (ns.addresses().isEmpty() && before != null) {
      before.stream().filter(a -> !a.isLoopback()).forEach(a -> gone.put(a.host(), pod));
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
    PodKey holder = byAddress(proxy);
    PodKey before = goneFrom(proxy);
    if (holder != null && before == null) {
      byProxy.put(proxy, holder);
      return holder;
    }
    PodKey bySocket = bySocket(span);
    // An address that two had, one after the other: the socket tells whose entry this is.
    if (holder != null && !Objects.equals(before, bySocket)) {
      return holder;
    }
    PodKey found = bySocket != null ? bySocket : before;
    return found == null ? PodKey.UNKNOWN : found;
  }

  private @Nullable PodKey bySocket(SidecarSpan span) {
    SidecarSpan.Addresses a = span.addresses();
    return bySocket.getIfPresent(new SocketTuple(a.upstreamLocal(), a.upstreamRemote()));
  }

  /** The namespace that is gone and had one of the proxy's addresses. */
  private @Nullable PodKey goneFrom(Proxy proxy) {
    for (String ip : gone.isEmpty() ? List.<String>of() : proxy.podIps()) {
      Endpoint host = literal(ip);
      PodKey pod = host == null ? null : gone.get(host);
      if (pod != null) {
        return pod;
      }
    }
    return null;
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
