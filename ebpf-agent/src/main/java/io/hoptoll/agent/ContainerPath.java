package io.hoptoll.agent;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Container and pod out of {@code /proc/PID/cgroup}, by the names that kubelet and runtimes give
 * cgroups. systemd driver: {@code kubepods-burstable-podUID.slice/cri-containerd-ID.scope} (also
 * crio-, docker-), UID with underscores; cgroupfs driver: {@code kubepods/burstable/podUID/ID}.
 *
 * @param container 64 hex digits, or empty
 * @param podUid with dashes, or empty; of a static pod its 32 hex digits
 */
record ContainerPath(String container, String podUid) {
  static final ContainerPath NONE = new ContainerPath("", "");

  private static final Pattern POD =
      Pattern.compile(
          "[/-]pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?=[./:]|$)");

  /** A monitor of cri-o's has the container's id too, in a cgroup of its own. */
  private static final Pattern CONTAINER =
      Pattern.compile("(?<!conmon-)(?<![0-9a-f])([0-9a-f]{64})(?=[./:]|$)");

  /** Of the lines of one process; version 1 has several, the first that names one counts. */
  static ContainerPath of(List<String> cgroupLines) {
    for (String line : cgroupLines) {
      String[] part = line.split(":", 3); // id:controllers:path, cgroups(7)
      ContainerPath found = part.length == 3 ? ofPath(part[2]) : NONE;
      if (!found.equals(NONE)) {
        return found;
      }
    }
    return NONE;
  }

  /** The innermost container: one may run in another. */
  static ContainerPath ofPath(String path) {
    String container = "";
    for (Matcher m = CONTAINER.matcher(path); m.find(); ) {
      container = m.group(1);
    }
    Matcher pod = POD.matcher(path);
    return new ContainerPath(container, pod.find() ? pod.group(1).replace('_', '-') : "");
  }
}
