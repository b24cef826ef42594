package io.hoptoll.app;

import io.hoptoll.kubernetes.KubernetesPods;
import io.hoptoll.kubernetes.PodFile;
import io.hoptoll.model.PodSink;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Who names pods, as the setting {@code pods} says. Without: access logs and addresses do. */
final class PodSource implements AutoCloseable {
  private static final String KUBERNETES = "kubernetes";

  private final @Nullable KubernetesPods kubernetes;

  private PodSource(@Nullable KubernetesPods kubernetes) {
    this.kubernetes = kubernetes;
  }

  /**
   * Reads the file, or begins to follow the API.
   *
   * @throws IOException when the file cannot be used
   */
  static PodSource start(String setting, String node, PodSink out) throws IOException {
    boolean auto = setting.equals("auto");
    if (setting.equals(KUBERNETES) || auto && KubernetesPods.isInCluster()) {
      return new PodSource(KubernetesPods.start(node, out));
    }
    if (!auto && !setting.equals("none")) {
      PodFile.read(Path.of(setting)).forEach(out::pod);
    }
    return new PodSource(null);
  }

  /** What keeps names from coming, empty where nothing does. */
  String problem() {
    String problem = kubernetes == null ? "" : kubernetes.problem();
    return problem.isEmpty()
        ? ""
        : "names of pods: the Kubernetes API does not tell them, "
            + problem
            + "; allow list and watch of pods (istio-samples/istio/hoptoll.yaml), or set pods";
  }

  @Override
  public void close() {
    if (kubernetes != null) {
      kubernetes.close();
    }
  }
}
