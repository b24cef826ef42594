package io.hoptoll.app.cli;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** A pod as a person names it. */
final class PodArgument {
  private PodArgument() {}

  /**
   * @param pod {@code NAMESPACE/NAME}, or a name that one namespace alone has; its workload's
   *     ({@code reviews-v1}) where that has one pod alone
   * @param pods answer of {@code /api/v1/pods}
   * @return {@code NAMESPACE/NAME}
   * @throws IllegalArgumentException with the pods known, where it is none or not clear
   */
  static String find(String pod, JsonObject pods) {
    List<JsonObject> known =
        pods.getJsonArray("pods").stream().map(JsonObject.class::cast).toList();
    List<String> all = known.stream().map(TopologyCommand::full).toList();
    List<String> found = all.stream().filter(p -> isOrEndsWith(p, pod)).toList();
    if (found.isEmpty()) {
      found =
          known.stream()
              .filter(
                  p -> isOrEndsWith(p.getString("namespace") + "/" + p.getString("workload"), pod))
              .map(TopologyCommand::full)
              .toList();
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
}
