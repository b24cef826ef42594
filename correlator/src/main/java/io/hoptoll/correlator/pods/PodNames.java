package io.hoptoll.correlator.pods;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Latest;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.Pod;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.RunningProcess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names for namespaces and addresses. Kubernetes (or a file) by container, pod uid or address; else
 * what the pod's sidecar calls itself in access logs; else the address.
 */
final class PodNames {
  static final String KUBERNETES = "kubernetes";
  static final String ACCESS_LOG = "access-log";
  static final String ADDRESS = "address";
  static final String NODE = "node";

  private final Processes processes;
  private final Map<PodRef, List<Endpoint>> addresses = new HashMap<>();
  private final Map<Endpoint, PodRef> holders = new HashMap<>();
  private final Map<String, Pod> byKey = new HashMap<>();
  private final Map<String, Pod> byUid = new HashMap<>();
  private final Map<String, Pod> byContainer = new HashMap<>();
  private final Map<String, Pod> byAddress = new HashMap<>();

  /** By address; those that sent an entry longest ago are forgotten first. */
  private final Map<String, Proxy> proxies = Latest.used(Limits.NAMES);

  PodNames(Processes processes) {
    this.processes = processes;
  }

  void namespace(NetworkNamespace ns) {
    PodRef pod = new PodRef(ns.node(), ns.netns());
    List<Endpoint> before = addresses.remove(pod);
    if (before != null) {
      before.forEach(a -> holders.remove(a.host(), pod));
    }
    if (!ns.addresses().isEmpty() && addresses.size() < Limits.NAMES) {
      List<Endpoint> own = ns.addresses().stream().filter(a -> !a.isLoopback()).toList();
      addresses.put(pod, own);
      own.forEach(a -> holders.put(a.host(), pod));
    }
  }

  void pod(Pod pod) {
    String key = pod.namespace() + "/" + pod.name();
    Pod before = byKey.get(key);
    if (pod.gone() && before != null && !before.uid().equals(pod.uid())) {
      return; // one of a StatefulSet: its old node ends it after the next began on another
    }
    byKey.remove(key);
    if (before != null) {
      byUid.remove(before.uid(), before);
      before.containers().forEach(c -> byContainer.remove(c.id(), before));
      before.addresses().forEach(a -> byAddress.remove(a, before));
    }
    if (pod.gone() || byKey.size() >= Limits.NAMES) {
      return;
    }
    byKey.put(pod.namespace() + "/" + pod.name(), pod);
    byUid.put(pod.uid(), pod);
    pod.containers().forEach(c -> byContainer.put(c.id(), pod));
    if (!pod.hostNetwork()) { // else its address is the node's
      pod.addresses().forEach(a -> byAddress.put(a, pod));
    }
  }

  /** Every entry's sender, nearly always one that is known. */
  void proxy(Proxy proxy) {
    if (proxy.pod().isEmpty()) {
      return;
    }
    for (String ip : proxy.podIps()) {
      if (proxies.get(ip) != proxy) {
        proxies.put(ip, proxy);
      }
    }
  }

  PodName name(PodRef ref) {
    List<String> ips = addresses.getOrDefault(ref, List.of()).stream().map(Endpoint::ip).toList();
    if (processes.isNodeNetwork(ref)) {
      return new PodName(ref.node(), "host", "", NODE, ref.node(), ref.netns(), ips);
    }
    Pod pod = kubernetes(ref, ips);
    if (pod != null) {
      return new PodName(
          pod.namespace(), pod.name(), pod.workload(), KUBERNETES, ref.node(), ref.netns(), ips);
    }
    Proxy proxy = accessLog(ips);
    if (proxy != null) {
      return new PodName(
          proxy.namespace(),
          proxy.pod(),
          proxy.workload(),
          ACCESS_LOG,
          ref.node(),
          ref.netns(),
          ips);
    }
    String name = ips.isEmpty() ? "netns-" + ref.netns() : ips.get(0);
    return new PodName(ref.node(), name, "", ADDRESS, ref.node(), ref.netns(), ips);
  }

  /** The pod that has this address, null where none is known by it. */
  @Nullable PodName at(Endpoint address) {
    PodRef holder = holders.get(address.host());
    if (holder != null) {
      return name(holder);
    }
    List<String> ip = List.of(address.ip());
    Pod pod = byAddress.get(address.ip());
    if (pod != null) {
      return new PodName(pod.namespace(), pod.name(), pod.workload(), KUBERNETES, "", 0, ip);
    }
    Proxy proxy = accessLog(ip);
    return proxy == null
        ? null
        : new PodName(proxy.namespace(), proxy.pod(), proxy.workload(), ACCESS_LOG, "", 0, ip);
  }

  private @Nullable Pod kubernetes(PodRef ref, List<String> ips) {
    for (RunningProcess process : processes.of(ref)) {
      Pod pod = of(process);
      if (pod != null) {
        return pod;
      }
    }
    for (String ip : ips) {
      Pod pod = byAddress.get(ip);
      if (pod != null) {
        return pod;
      }
    }
    return null;
  }

  /** The pod of a process, by its container, else by its uid. */
  @Nullable Pod of(RunningProcess process) {
    Pod pod = process.container().isEmpty() ? null : byContainer.get(process.container());
    return pod != null || process.podUid().isEmpty() ? pod : byUid.get(process.podUid());
  }

  Pod.@Nullable Container container(RunningProcess process) {
    Pod pod = of(process);
    if (pod != null) {
      for (Pod.Container c : pod.containers()) {
        if (c.id().equals(process.container())) {
          return c;
        }
      }
    }
    return null;
  }

  private @Nullable Proxy accessLog(List<String> ips) {
    for (String ip : ips) {
      Proxy proxy = proxies.get(ip);
      if (proxy != null) {
        return proxy;
      }
    }
    return null;
  }
}
