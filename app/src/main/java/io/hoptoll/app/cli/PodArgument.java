package io.hoptoll.app.cli;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** A pod as a person names it. */
final class PodArgument {
  private PodArgument() {}

  /**
   * @param pod {@code NAMESPACE/NAME}, or a name that one namespace alone has
   * @param pods answer of {@code /api/v1/pods}
   * @return {@code NAMESPACE/NAME}
   * @throws IllegalArgumentException with the pods known, where it is none or not clear
   */
  static String find(String pod, JsonObject pods) {
    List<String> all =
        pods.getJsonArray("pods").stream().map(p -> TopologyCommand.full((JsonObject) p)).toList();
    List<String> found = all.stream().filter(p -> p.equals(pod) || p.endsWith("/" + pod)).toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          (found.isEmpty() ? "no pod '" : "more than one pod '")
              + pod
              + "'; known pods: "
              + (all.isEmpty() ? "none yet" : String.join(", ", all)));
    }
    return found.get(0);
  }
}
