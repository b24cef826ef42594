package io.hoptoll.correlator;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Latest;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SocketTuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
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
  private final Map<Endpoint, PodKey> gone = new Latest<>(Limits.NAMESPACES);

  private final Cache<SocketTuple, PodKey> bySocket =
      Caffeine.newBuilder().maximumSize(Limits.EXCHANGES).executor(Runnable::run).build();

  /** Whether any socket was reported. */
  private boolean hasSockets;

  /** What a proxy says of itself, read once. */
  private static final class Known {
    final List<Endpoint> hosts;

    /** The only namespace with one of its addresses, once it is found. */
    @Nullable PodKey pod;

    Known(List<Endpoint> hosts) {
      this.hosts = hosts;
    }
  }

  /** By the object: entries of one stream share theirs, and plain Envoys may share one node.id. */
  private final Map<Proxy, Known> byProxy = new IdentityHashMap<>();

  void namespace(NetworkNamespace ns) {
    PodKey pod = new PodKey(ns.node(), ns.netns());
    List<Endpoint> before = addresses.remove(pod);
    if (before != null) {
      before.forEach(a -> release(a.host(), pod));
    }
    byProxy.clear(); // a pod's successor may have its name and its address
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
    hasSockets = true;
    PodKey known = bySocket.getIfPresent(tuple);
    if (pod.equals(known)) {
      return;
    }
    boolean elsewhere = known != null;
    boolean ambiguous = elsewhere && tuple.local().isLoopback() && tuple.remote().isLoopback();
    bySocket.put(tuple, ambiguous ? PodKey.UNKNOWN : pod);
  }

  /** Nothing is known that an entry's pod could be told by, nor is any socket to wait for. */
  boolean knowsNothing() {
    return !hasSockets && addresses.isEmpty() && gone.isEmpty();
  }

  PodKey resolve(SidecarSpan span) {
    if (knowsNothing()) {
      return PodKey.UNKNOWN;
    }
    Known known = known(span.proxy());
    PodKey found = known.pod;
    if (found != null && addresses.containsKey(found)) {
      return found;
    }
    PodKey holder = byAddress(known.hosts);
    PodKey before = goneFrom(known.hosts);
    if (holder != null && before == null) {
      known.pod = holder;
      return holder;
    }
    PodKey bySocket = bySocket(span);
    // An address that two had, one after the other: the socket tells whose entry this is.
    if (holder != null && !Objects.equals(before, bySocket)) {
      return holder;
    }
    found = bySocket != null ? bySocket : before;
    return found == null ? PodKey.UNKNOWN : found;
  }

  private Known known(Proxy proxy) {
    Known known = byProxy.get(proxy);
    if (known == null) {
      if (byProxy.size() >= Limits.NAMESPACES) {
        byProxy.clear();
      }
      known = new Known(literals(proxy.podIps()));
      byProxy.put(proxy, known);
    }
    return known;
  }

  private @Nullable PodKey bySocket(SidecarSpan span) {
    SidecarSpan.Addresses a = span.addresses();
    return bySocket.getIfPresent(new SocketTuple(a.upstreamLocal(), a.upstreamRemote()));
  }

  /** The namespace that is gone and had one of the proxy's addresses. */
  private @Nullable PodKey goneFrom(List<Endpoint> hosts) {
    for (Endpoint host : hosts) {
      PodKey pod = gone.get(host);
      if (pod != null) {
        return pod;
      }
    }
    return null;
  }

  private @Nullable PodKey byAddress(List<Endpoint> hosts) {
    for (Endpoint host : hosts) {
      Set<PodKey> pods = byAddress.get(host);
      if (pods != null && pods.size() == 1) {
        return pods.iterator().next();
      }
    }
    return null;
  }

  /** A sender may have put something else there: its word must not stop the join. */
  private static List<Endpoint> literals(List<String> ips) {
    List<Endpoint> hosts = new ArrayList<>(ips.size());
    for (String ip : ips) {
      try {
        hosts.add(Endpoint.parse(ip, 0));
      } catch (IllegalArgumentException e) {
        // no address: no namespace has it
      }
    }
    return hosts;
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
