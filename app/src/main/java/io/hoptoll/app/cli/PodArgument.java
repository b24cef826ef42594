package io.hoptoll.app.cli;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** A pod as a person names it. */
final class PodArgument {
  private PodArgument() {}

  /**
   * @param pod {@code NAMESPACE/NAME}, or a name that one namespace alone has; without what a
   *     workload's pods end with ({@code reviews-v1}) where that means one alone
   * @param pods answer of {@code /api/v1/pods}
   * @return {@code NAMESPACE/NAME}
   * @throws IllegalArgumentException with the pods known, where it is none or not clear
   */
  static String find(String pod, JsonObject pods) {
    List<String> all =
        pods.getJsonArray("pods").stream().map(p -> TopologyCommand.full((JsonObject) p)).toList();
    List<String> found = all.stream().filter(p -> isOrEndsWith(p, pod)).toList();
    if (found.isEmpty()) {
      found = all.stream().filter(p -> isOrEndsWith(stem(p), pod)).toList();
    }
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          (found.isEmpty() ? "no pod '" : "more than one pod '")
              + pod
              + "'; known pods: "
              + (all.isEmpty() ? "none yet" : String.join(", ", all)));
    }
    return found.get(0);
  }

  private static boolean isOrEndsWith(String pod, String asked) {
    return pod.equals(asked) || pod.endsWith("/" + asked);
  }

  /** Without the last part of its name, which Kubernetes chose. */
  private static String stem(String pod) {
    int dash = pod.lastIndexOf('-');
    return dash < 0 ? pod : pod.substring(0, dash);
  }
}
