package io.hoptoll.app.cli;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hoptoll topology [POD]}. */
@Command(
    name = "topology",
    description =
        "Show a pod's processes, its peers and the lines between them; without POD: who calls whom,"
            + " and all pods.")
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

  @Option(
      names = "--window",
      defaultValue = "1m",
      description = "without POD: how far back (default: ${DEFAULT-VALUE})")
  String window = "";

  @Override
  public Integer call() {
    ApiClient client = server.client();
    JsonObject pods = client.get("/api/v1/pods");
    if (pod == null) {
      JsonObject calls = client.get("/api/v1/topology?window=" + encoded(window));
      server.print(
          calls.copy().mergeIn(pods),
          () -> CallsText.calls(calls, window, Terminal.detect()) + TopologyText.pods(pods));
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
    String[] found = PodArgument.find(pod, pods).split("/", 2);
    return encoded(found[0]) + "/" + encoded(found[1]);
  }

  static String full(JsonObject pod) {
    return pod.getString("namespace") + "/" + pod.getString("name");
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
