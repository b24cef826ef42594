package io.hoptoll.model;

import java.util.Locale;

/**
 * A process that runs in a network namespace of the node, or ran there. A pid is used again: the
 * start tells one process from the next.
 *
 * @param startTicks since boot, field 22 of {@code /proc/PID/stat}
 * @param nodeNetwork that namespace is the node's own: no pod's, or one on the host network
 * @param name of its main thread (comm, at most 15 bytes); threads have names of their own
 * @param executable file name of what it executes, empty where that may not be read
 * @param container 64 hex digits from its cgroup, empty where it is in none
 * @param podUid the pod's uid from its cgroup, with dashes; empty outside Kubernetes
 * @param ended it is gone; else it began, or became what it now is by exec
 */
public record RunningProcess(
    String node,
    int tgid,
    long startTicks,
    long netns,
    boolean nodeNetwork,
    String name,
    String executable,
    String container,
    String podUid,
    boolean ended) {

  /** What it does in its pod. */
  public enum Kind {
    APP,
    ENVOY,
    PILOT_AGENT,
    ZTUNNEL;

    /** Of the mesh, not of the app. */
    public boolean isSidecar() {
      return this != APP;
    }
  }

  /** By the executable: Envoy renames its threads, and an app may call itself anything. */
  public Kind kind() {
    String program = executable.isEmpty() ? name : executable;
    return switch (program.toLowerCase(Locale.ROOT)) {
      case "envoy" -> Kind.ENVOY;
      case "pilot-agent" -> Kind.PILOT_AGENT;
      case "ztunnel" -> Kind.ZTUNNEL;
      default -> Kind.APP;
    };
  }
}
