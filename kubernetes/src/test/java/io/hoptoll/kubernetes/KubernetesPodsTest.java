package io.hoptoll.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.hoptoll.model.Pod;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** List and watch against fabric8's server, which keeps what is created in it. */
@EnableKubernetesMockClient(crud = true)
@NullUnmarked // the extension sets the client
class KubernetesPodsTest {
  private static final String ID = "ab".repeat(32);

  private KubernetesClient client;
  private final Queue<Pod> told = new ConcurrentLinkedQueue<>();

  @Test
  void podsOfThisNodeAreToldAsTheyAreAndAsTheyChange() throws Exception {
    client.resource(pod("details-v1-5d9c-x7", "here", "10.244.1.17")).create();
    client.resource(pod("other", "elsewhere", "10.244.2.1")).create();
    try (KubernetesPods pods = KubernetesPods.start(client, "here", told::add)) {
      Pod first = await(p -> !p.gone());
      assertEquals("details-v1-5d9c-x7", first.name());
      assertEquals("details-v1", first.workload());
      assertEquals(List.of("10.244.1.17"), first.addresses());
      assertEquals("", pods.problem());
      client.resource(pod("late", "here", "10.244.1.18")).create();
      await(p -> p.name().equals("late"));
      client.pods().inNamespace("default").withName("details-v1-5d9c-x7").delete();
      assertEquals("details-v1-5d9c-x7", await(Pod::gone).name());
    }
    assertFalse(told.stream().anyMatch(p -> p.name().equals("other")), "another node's");
  }

  @Test
  void whereTheApiDoesNotAnswerItSaysWhyAndGoesOn() throws Exception {
    Config nobody = new ConfigBuilder().withMasterUrl("http://127.0.0.1:1").build();
    KubernetesClient toNobody = new KubernetesClientBuilder().withConfig(nobody).build();
    try (KubernetesPods pods = KubernetesPods.start(toNobody, "here", told::add)) {
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (!pods.problem().contains("127.0.0.1") && System.nanoTime() < deadline) {
        Thread.sleep(50);
      }
      assertTrue(pods.problem().contains("127.0.0.1"), pods.problem());
    }
  }

  private Pod await(Predicate<Pod> wanted) throws InterruptedException {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (System.nanoTime() < deadline) {
      for (Pod pod : told) {
        if (wanted.test(pod)) {
          return pod;
        }
      }
      Thread.sleep(20);
    }
    throw new AssertionError("not told: " + told);
  }

  private static io.fabric8.kubernetes.api.model.Pod pod(String name, String node, String ip) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(name)
        .addToLabels("pod-template-hash", "5d9c")
        .addNewOwnerReference()
        .withKind("ReplicaSet")
        .withName("details-v1-5d9c")
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .withNewSpec()
        .withNodeName(node)
        .endSpec()
        .withNewStatus()
        .withPhase("Running")
        .addNewPodIP(ip)
        .addNewContainerStatus()
        .withName("details")
        .withContainerID("containerd://" + ID)
        .endContainerStatus()
        .endStatus()
        .build();
  }
}
