package io.hoptoll.app.cli;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hoptoll topology [POD]}. */
@Command(
    name = "topology",
    description = "Show a pod's processes, its peers and the lines between them; without POD: all.")
final class TopologyCommand implements Callable<Integer> {
  @Mixin ServerOption server = new ServerOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "POD",
      description = "NAMESPACE/NAME, or NAME where one namespace alone has it.")
  @Nullable String pod;

  @Option(
      names = "--line",
      paramLabel = "ID",
      description = "One line's whole table: every metric with its distribution.")
  @Nullable String line;

  @Override
  public Integer call() {
    ApiClient client = server.client();
    JsonObject pods = client.get("/api/v1/pods");
    if (pod == null) {
      server.print(pods, () -> TopologyText.pods(pods));
      return 0;
    }
    String resource = "/api/v1/pods/" + resource(pod, pods);
    if (line == null) {
      JsonObject answer = client.get(resource + "/topology");
      server.print(answer, () -> TopologyText.topology(answer));
    } else {
      JsonObject answer = client.get(resource + "/lines/" + encoded(line));
      server.print(answer, () -> TopologyText.line(answer));
    }
    return 0;
  }

  private static String resource(String pod, JsonObject pods) {
    List<JsonObject> all =
        pods.getJsonArray("pods").stream()
            .map(JsonObject.class::cast)
            .filter(p -> pod.equals(p.getString("name")) || pod.equals(full(p)))
            .toList();
    if (all.size() != 1) {
      String known =
          pods.getJsonArray("pods").stream()
              .map(p -> full((JsonObject) p))
              .reduce((a, b) -> a + ", " + b)
              .orElse("none yet");
      throw new IllegalArgumentException(
          (all.isEmpty() ? "no pod '" : "more than one pod '") + pod + "'; known pods: " + known);
    }
    JsonObject found = all.get(0);
    return encoded(found.getString("namespace")) + "/" + encoded(found.getString("name"));
  }

  static String full(JsonObject pod) {
    return pod.getString("namespace") + "/" + pod.getString("name");
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
