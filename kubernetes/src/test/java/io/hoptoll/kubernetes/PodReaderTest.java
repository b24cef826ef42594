package io.hoptoll.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.hoptoll.model.Pod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a pod's object says, in the API's own shapes. */
class PodReaderTest {
  private static final String ID = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "ReplicaSet,reviews-v1-5d9c,reviews-v1",
    "ReplicaSet,somebodys-set,somebodys-set",
    "StatefulSet,db,db",
    "Job,nightly-28913760,nightly",
    "Job,import,import",
    "Node,here,the-pod",
  })
  void theWorkloadIsWhatAPersonNamed(String kind, String owner, String workload) {
    var pod =
        pod()
            .editMetadata()
            .withName("the-pod" + (kind.equals("Node") ? "-here" : ""))
            .addNewOwnerReference()
            .withKind("Backup")
            .withName("not-the-controller")
            .endOwnerReference()
            .addNewOwnerReference()
            .withKind(kind)
            .withName(owner)
            .withController(true)
            .endOwnerReference()
            .endMetadata();
    assertEquals(workload, PodReader.read(pod.build(), false).workload());
  }

  @Test
  void aNativeSidecarIsAnInitContainerThatKeepsRunning() {
    var pod =
        pod()
            .editSpec()
            .addNewInitContainer()
            .withName("istio-proxy")
            .withRestartPolicy("Always")
            .endInitContainer()
            .addNewInitContainer()
            .withName("migrate")
            .endInitContainer()
            .endSpec()
            .editStatus()
            .addNewInitContainerStatus()
            .withName("istio-proxy")
            .withContainerID("cri-o://" + ID)
            .endInitContainerStatus()
            .addNewInitContainerStatus()
            .withName("migrate")
            .withContainerID("docker://" + ID.replace('0', '1'))
            .endInitContainerStatus()
            .addNewContainerStatus()
            .withName("app")
            .endContainerStatus()
            .endStatus();
    List<Pod.Container> containers = PodReader.read(pod.build(), false).containers();
    assertEquals(2, containers.size(), "one has not started");
    assertEquals(new Pod.Container(ID, "istio-proxy", true), containers.get(0));
    assertFalse(containers.get(1).sidecar());
  }

  @Test
  void aMirrorOfAStaticPodHasTheUidOfItsCgroup() {
    var pod =
        pod().editMetadata().addToAnnotations("kubernetes.io/config.hash", "0f1e").endMetadata();
    assertEquals("0f1e", PodReader.read(pod.build(), false).uid());
  }

  @Test
  void hostNetworkAndTheEnd() {
    var pod = pod().editSpec().withHostNetwork(true).endSpec();
    assertTrue(PodReader.read(pod.build(), false).hostNetwork());
    assertTrue(PodReader.read(pod.build(), true).gone());
    pod.editStatus().withPhase("Succeeded").endStatus();
    assertTrue(PodReader.read(pod.build(), false).gone(), "its address may be another's now");
  }

  @Test
  void aPodThatIsOnlyScheduledHasNoAddresses() {
    Pod pod =
        PodReader.read(
            new PodBuilder().withNewMetadata().withName("p").endMetadata().build(), false);
    assertEquals(List.of(), pod.addresses());
    assertEquals(List.of(), pod.containers());
    assertEquals("p", pod.workload());
  }

  private static PodBuilder pod() {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("the-pod")
        .withUid("3f8a1c52")
        .addToLabels("pod-template-hash", "5d9c")
        .endMetadata()
        .withNewSpec()
        .withNodeName("here")
        .endSpec()
        .withNewStatus()
        .withPhase("Running")
        .withPodIP("10.244.1.17")
        .endStatus();
  }
}
