package io.hoptoll.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.hoptoll.model.Pod;
import java.util.HashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** List and watch against fabric8's server, which keeps what is created in it. */
class KubernetesPodsTest {
  private static final String ID = "ab".repeat(32);
  private static final String THIS_NODE = "fieldSelector=spec.nodeName%3Dhere";

  private final Queue<Pod> told = new ConcurrentLinkedQueue<>();
  private final Answers answers = new Answers();
  private final KubernetesMockServer server =
      new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), answers, true);
  private final KubernetesClient client = connect();

  /** fabric8's server selects by name and namespace only: a node's pods are all that it holds. */
  private static final class Answers extends KubernetesCrudDispatcher {
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    @Override
    public MockResponse handleGet(String path) {
      asked.add(path);
      return super.handleGet(path.replace(THIS_NODE + "&", ""));
    }
  }

  private KubernetesClient connect() {
    server.init();
    return server.createClient();
  }

  @AfterEach
  void stop() {
    client.close();
    server.destroy();
  }

  @Test
  void podsOfThisNodeAreToldAsTheyAreAndAsTheyChange() throws Exception {
    client.resource(pod("details-v1-5d9c-x7", "here", "10.244.1.17")).create();
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
    assertFalse(answers.asked.isEmpty());
    assertTrue(answers.asked.stream().allMatch(p -> p.contains(THIS_NODE)), "" + answers.asked);
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
