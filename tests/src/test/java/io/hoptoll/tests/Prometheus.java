package io.hoptoll.tests;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Debian's Prometheus, which scrapes one server every second. */
final class Prometheus implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final String url;

  /** Aborts the test where Prometheus is missing. */
  Prometheus(Path dir, String scraped) throws IOException {
    Path config = dir.resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 1s, scrape_timeout: 1s}
        scrape_configs:
          - job_name: hoptoll
            static_configs: [{targets: ["%s"]}]
        """
            .formatted(URI.create(scraped).getAuthority()));
    String address = "127.0.0.1:" + freePort();
    url = "http://" + address + "/api/v1/";
    process =
        new ProcessBuilder(
                Programs.find("prometheus").toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + dir.resolve("data"),
                "--web.listen-address=" + address)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("log").toFile())
            .start();
  }

  /** The value of the first sample; NaN where there is none (yet). */
  double value(String promql) {
    return values(promql).stream().findFirst().orElse(Double.NaN);
  }

  /** Of all series that the query finds; none as long as it does not listen. */
  List<Double> values(String promql) {
    JsonObject answer = get("query?query=" + encode(promql));
    JsonArray result =
        answer.getJsonObject("data", new JsonObject()).getJsonArray("result", new JsonArray());
    return result.stream()
        .map(r -> Double.valueOf(((JsonObject) r).getJsonArray("value").getString(1)))
        .toList();
  }

  /** The values of a label of these series, as Grafana's {@code label_values} asks. */
  List<String> labels(String series, String label) {
    JsonObject answer = get("label/" + label + "/values?match[]=" + encode(series));
    return answer.getJsonArray("data", new JsonArray()).stream().map(String::valueOf).toList();
  }

  private JsonObject get(String question) {
    try {
      HttpRequest ask =
          HttpRequest.newBuilder(URI.create(url + question.replace("[]", "%5B%5D"))).build();
      String answer = http.send(ask, BodyHandlers.ofString()).body();
      return answer.startsWith("{") ? new JsonObject(answer) : new JsonObject(); // not ready yet
    } catch (IOException e) {
      return new JsonObject(); // not listening yet
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new JsonObject();
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }
}
