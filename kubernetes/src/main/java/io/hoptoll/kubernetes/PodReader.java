package io.hoptoll.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.hoptoll.model.Pod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A pod of the Kubernetes API → {@link Pod}. */
final class PodReader {
  private static final String ISTIO_PROXY = "istio-proxy";

  /** A Deployment names its ReplicaSets by this label's value (its own name, "-", the hash). */
  private static final String TEMPLATE_HASH = "pod-template-hash";

  /** Static pods: kubelet names their cgroups by this, not by the uid of their mirror. */
  private static final String CONFIG_HASH = "kubernetes.io/config.hash";

  /** A CronJob names its Jobs by the minutes since 1970 (before 1.21: seconds). */
  private static final Pattern CRON_JOB = Pattern.compile("(.+)-\\d{8,10}");

  private PodReader() {}

  static Pod read(io.fabric8.kubernetes.api.model.Pod pod, boolean deleted) {
    var meta = pod.getMetadata();
    PodSpec spec = Objects.requireNonNullElseGet(pod.getSpec(), PodSpec::new);
    PodStatus status = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
    Map<String, String> annotations = orEmpty(meta.getAnnotations());
    boolean over = "Succeeded".equals(status.getPhase()) || "Failed".equals(status.getPhase());
    return new Pod(
        Objects.requireNonNullElse(meta.getNamespace(), ""),
        meta.getName(),
        annotations.getOrDefault(CONFIG_HASH, Objects.requireNonNullElse(meta.getUid(), "")),
        workload(pod, spec),
        addresses(status),
        Boolean.TRUE.equals(spec.getHostNetwork()),
        containers(spec, status),
        deleted || over); // one that is over gives its address back
  }

  private static List<String> addresses(PodStatus status) {
    List<PodIP> all = status.getPodIPs();
    if (all != null && !all.isEmpty()) {
      return all.stream().map(PodIP::getIp).toList();
    }
    return status.getPodIP() == null ? List.of() : List.of(status.getPodIP());
  }

  private static String workload(io.fabric8.kubernetes.api.model.Pod pod, PodSpec spec) {
    var meta = pod.getMetadata();
    for (OwnerReference owner : meta.getOwnerReferences()) {
      if (Boolean.TRUE.equals(owner.getController())) {
        return switch (owner.getKind()) {
          case "ReplicaSet" ->
              without(owner.getName(), orEmpty(meta.getLabels()).get(TEMPLATE_HASH));
          case "Job" -> cronJob(owner.getName());
          case "Node" -> without(meta.getName(), spec.getNodeName()); // a static pod's mirror
          default -> owner.getName();
        };
      }
    }
    return meta.getName();
  }

  private static String without(String name, @Nullable String suffix) {
    return suffix != null && name.endsWith("-" + suffix)
        ? name.substring(0, name.length() - suffix.length() - 1)
        : name;
  }

  private static String cronJob(String job) {
    Matcher m = CRON_JOB.matcher(job);
    return m.matches() ? m.group(1) : job;
  }

  private static List<Pod.Container> containers(PodSpec spec, PodStatus status) {
    Set<String> sidecars = new HashSet<>(Set.of(ISTIO_PROXY));
    for (Container c : spec.getInitContainers()) {
      if ("Always".equals(c.getRestartPolicy())) { // KEP-753: a native sidecar
        sidecars.add(c.getName());
      }
    }
    List<ContainerStatus> all = new ArrayList<>(status.getInitContainerStatuses());
    all.addAll(status.getContainerStatuses());
    all.addAll(status.getEphemeralContainerStatuses());
    return all.stream()
        .filter(c -> c.getContainerID() != null && !c.getContainerID().isEmpty())
        .map(c -> new Pod.Container(id(c), c.getName(), sidecars.contains(c.getName())))
        .toList();
  }

  /** {@code containerd://ID}, {@code cri-o://ID}, {@code docker://ID}. */
  private static String id(ContainerStatus c) {
    String url = c.getContainerID();
    return url.substring(url.indexOf("://") < 0 ? 0 : url.indexOf("://") + 3);
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}
