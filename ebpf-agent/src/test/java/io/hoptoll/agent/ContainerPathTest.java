package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cgroup paths as kubelet and the runtimes make them. ID stands for 64 digits, UID for a uid. */
class ContainerPathTest {
  private static final String ID = "0123456789abcdef".repeat(4);
  private static final String UID = "3f8a1c52-9d04-4b7e-8c11-5e6f70a9b2d3";

  @ParameterizedTest
  @CsvSource({
    "systemd containerd,/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podU_D.slice/cri-containerd-ID.scope",
    "systemd cri-o,/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podU_D.slice/crio-ID.scope",
    "systemd docker,/kubepods.slice/kubepods-podU_D.slice/docker-ID.scope",
    "systemd in kind,/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-podU_D.slice/cri-containerd-ID.scope",
    "cgroupfs containerd,/kubepods/burstable/podUID/ID",
    "cgroupfs guaranteed,/kubepods/podUID/ID",
    "cgroupfs cri-o,/kubepods/besteffort/podUID/crio-ID",
    "cri-o of version 1.28 on,/kubepods.slice/kubepods-podU_D.slice/crio-ID.scope/container",
    "slice named to a cgroupfs runtime,/system.slice/containerd.service/kubepods-burstable-podU_D.slice:cri-containerd:ID",
    "seen from a cgroup namespace,/../../kubepods-burstable-podU_D.slice/cri-containerd-ID.scope",
  })
  void podAndContainer(String which, String path) {
    String real = path.replace("U_D", UID.replace('-', '_')).replace("UID", UID).replace("ID", ID);
    assertEquals(new ContainerPath(ID, UID), ContainerPath.ofPath(real), which);
  }

  @Test
  void aStaticPodIsNamedByAHash() {
    String hash = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    assertEquals(
        new ContainerPath(ID, hash),
        ContainerPath.ofPath("/kubepods/burstable/pod" + hash + "/" + ID));
  }

  @Test
  void containersWithoutKubernetes() {
    assertEquals(new ContainerPath(ID, ""), ContainerPath.ofPath("/docker/" + ID));
    assertEquals(
        new ContainerPath(ID, ""), ContainerPath.ofPath("/machine.slice/libpod-" + ID + ".scope"));
  }

  @Test
  void theInnermostOfNestedContainers() {
    String outer = "f".repeat(64);
    assertEquals(
        new ContainerPath(ID, UID),
        ContainerPath.ofPath("/docker/" + outer + "/kubepods/pod" + UID + "/" + ID));
  }

  @Test
  void whatIsNoContainer() {
    assertEquals(ContainerPath.NONE, ContainerPath.ofPath("/"));
    assertEquals(ContainerPath.NONE, ContainerPath.ofPath("/system.slice/ssh.service"));
    assertEquals(
        new ContainerPath("", UID),
        ContainerPath.ofPath(
            "/kubepods.slice/kubepods-pod"
                + UID.replace('-', '_')
                + ".slice/crio-conmon-"
                + ID
                + ".scope"));
  }

  @Test
  void ofVersionOnesLinesTheFirstThatNamesOne() {
    assertEquals(
        new ContainerPath(ID, UID),
        ContainerPath.of(
            List.of(
                "broken", "12:pids:/", "4:cpu,cpuacct:/kubepods/pod" + UID + "/" + ID, "0::/")));
    assertEquals(ContainerPath.NONE, ContainerPath.of(List.of()));
  }
}
