package io.hoptoll.correlator.pods;

import io.hoptoll.model.RunningProcess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The processes of each pod, as the agents tell of them. */
final class Processes {
  private record Known(RunningProcess process, long atNanos) {}

  private final Map<PodRef, Map<ProcessRef, Known>> byPod = new LinkedHashMap<>();
  private final Map<ProcessRef, PodRef> pods = new HashMap<>();
  private final Set<PodRef> nodeNetworks = new HashSet<>();
  private final Set<String> kubernetesNodes = new HashSet<>();

  /** Returns whether the pid belonged to another process before. */
  boolean add(RunningProcess p, long nowNanos) {
    ProcessRef ref = new ProcessRef(p.node(), p.tgid());
    RunningProcess before = get(ref);
    if (before == null && (p.ended() || pods.size() >= Limits.PROCESSES)) {
      return false;
    }
    forget(ref);
    PodRef pod = new PodRef(p.node(), p.netns());
    pods.put(ref, pod);
    byPod.computeIfAbsent(pod, k -> new LinkedHashMap<>()).put(ref, new Known(p, nowNanos));
    if (p.nodeNetwork()) {
      nodeNetworks.add(pod);
    }
    if (!p.podUid().isEmpty()) {
      kubernetesNodes.add(p.node());
    }
    return before != null && before.startTicks() != p.startTicks();
  }

  private void forget(ProcessRef ref) {
    PodRef pod = pods.remove(ref);
    Map<ProcessRef, Known> own = pod == null ? null : byPod.get(pod);
    if (own != null) {
      own.remove(ref);
      if (own.isEmpty()) {
        byPod.remove(pod);
      }
    }
  }

  /** Forgets processes that ended long ago. */
  void tick(long nowNanos) {
    List<ProcessRef> old = new ArrayList<>();
    byPod
        .values()
        .forEach(
            own ->
                own.forEach(
                    (ref, k) -> {
                      if (k.process.ended() && nowNanos - k.atNanos > Limits.ENDED_NANOS) {
                        old.add(ref);
                      }
                    }));
    old.forEach(this::forget);
  }

  @Nullable RunningProcess get(ProcessRef ref) {
    PodRef pod = pods.get(ref);
    Map<ProcessRef, Known> own = pod == null ? null : byPod.get(pod);
    Known known = own == null ? null : own.get(ref);
    return known == null ? null : known.process;
  }

  List<RunningProcess> of(PodRef pod) {
    return byPod.getOrDefault(pod, Map.of()).values().stream().map(k -> k.process).toList();
  }

  /** Namespaces with a process that runs. */
  Set<PodRef> pods() {
    return byPod.keySet();
  }

  boolean isNodeNetwork(PodRef pod) {
    return nodeNetworks.contains(pod);
  }

  /** Where Kubernetes runs, the node's own network is no pod. */
  boolean isLeftOut(PodRef pod) {
    return nodeNetworks.contains(pod) && kubernetesNodes.contains(pod.node());
  }

  /** Processes of pods that share their node's network. */
  List<RunningProcess> onNodeNetwork() {
    return nodeNetworks.stream()
        .flatMap(pod -> of(pod).stream())
        .filter(p -> !p.podUid().isEmpty() && !p.ended())
        .toList();
  }
}
