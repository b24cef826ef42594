package io.hoptoll.minimesh;

import java.nio.file.Path;

/**
 * One pod of a running mesh.
 *
 * @param netns name of its network namespace
 * @param ip its address on the bridge
 * @param dir its files: bootstrap, logs, admin socket, pid files
 */
public record Pod(PodSpec spec, int index, String netns, String ip, Path dir) {
  public String workload() {
    return spec.workload();
  }

  /** The name of its Kubernetes pod would look like this. */
  String podName() {
    return spec.workload() + "-" + String.format("%05x", 0x51f3a + index);
  }

  /** The bridge's end of its veth pair; at most 15 characters. */
  String bridgePort() {
    return "v" + netns.substring(2, 6) + "-" + index;
  }

  Path adminSocket() {
    return dir.resolve("admin.sock");
  }

  String nodeId() {
    return "sidecar~"
        + ip
        + "~"
        + podName()
        + "."
        + Istio.NAMESPACE
        + "~"
        + Istio.NAMESPACE
        + ".svc."
        + Istio.TRUST_DOMAIN;
  }
}
