package io.hoptoll.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.hoptoll.model.PodSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the pods of one node by the Kubernetes API: list and watch, again after every break.
 * Needs the rights to list and watch pods.
 */
public final class KubernetesPods implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesPods.class);

  private final KubernetesClient client;
  private final SharedIndexInformer<Pod> informer;
  private volatile String problem = "its first answer has not come yet";

  private KubernetesPods(KubernetesClient client, String node, PodSink out) {
    this.client = client;
    this.informer =
        client.pods().inAnyNamespace().withField("spec.nodeName", node).runnableInformer(0);
    informer.addEventHandler(new Passing(out));
    informer.exceptionHandler(
        (started, e) -> {
          problem = String.valueOf(e.getMessage());
          LOG.warn("the Kubernetes API does not list the pods of node {}; trying again", node, e);
          return true;
        });
  }

  /** Whether this process runs in a pod: the API's address is in its environment. */
  public static boolean isInCluster() {
    return System.getenv("KUBERNETES_SERVICE_HOST") != null;
  }

  /**
   * Begins to follow; with the service account of this pod, else with the user's kubeconfig.
   *
   * @param node its name in Kubernetes
   * @param out called by the client's thread
   */
  public static KubernetesPods start(String node, PodSink out) {
    return start(new KubernetesClientBuilder().build(), node, out);
  }

  static KubernetesPods start(KubernetesClient client, String node, PodSink out) {
    KubernetesPods pods = new KubernetesPods(client, node, out);
    var unused = pods.informer.start();
    return pods;
  }

  /** What keeps names from coming, empty once they came. */
  public String problem() {
    return informer.hasSynced() ? "" : problem;
  }

  @Override
  public void close() {
    informer.close();
    client.close();
  }

  private record Passing(PodSink out) implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      out.pod(PodReader.read(pod, false));
    }

    @Override
    public void onUpdate(Pod before, Pod now) {
      out.pod(PodReader.read(now, false));
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
      out.pod(PodReader.read(pod, true));
    }
  }
}
