package io.hoptoll.tests;

import io.hoptoll.minimesh.MeshConfig;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A real Envoy with a static configuration, without a mesh around it. */
final class LoneSidecar implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final Map<String, Integer> ports = new HashMap<>();

  private LoneSidecar(Process process) {
    this.process = process;
  }

  /** Starts it in {@code dir}; returns when its listeners have their ports. */
  static LoneSidecar start(Path dir, String yaml) throws Exception {
    Path config = Files.writeString(dir.resolve("envoy.yaml"), yaml);
    Path admin = dir.resolve("admin-address");
    Path log = dir.resolve("envoy.log");
    ProcessBuilder envoy =
        new ProcessBuilder(
            MeshConfig.findEnvoy().toString(),
            "--config-path",
            config.toString(),
            "--admin-address-path",
            admin.toString(),
            "--disable-hot-restart",
            "--concurrency",
            "1",
            "--log-level",
            "warning");
    LoneSidecar lone =
        new LoneSidecar(envoy.redirectErrorStream(true).redirectOutput(log.toFile()).start());
    try {
      lone.awaitListeners(admin);
      return lone;
    } catch (Exception e) {
      lone.close();
      throw new IOException("Envoy did not start: " + Files.readString(log), e);
    }
  }

  int port(String listener) {
    return Objects.requireNonNull(ports.get(listener), listener);
  }

  private void awaitListeners(Path admin) throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline && !process.waitFor(50, TimeUnit.MILLISECONDS)) {
      if (Files.exists(admin) && !Files.readString(admin).isEmpty()) {
        String base = "http://" + Files.readString(admin).trim();
        if (get(http, base + "/ready").startsWith("LIVE")) {
          read(new JsonObject(get(http, base + "/listeners?format=json")));
          return;
        }
      }
    }
    throw new IOException(process.isAlive() ? "not ready in " + PATIENCE : "it ended");
  }

  private void read(JsonObject listeners) {
    for (Object o : listeners.getJsonArray("listener_statuses")) {
      JsonObject listener = (JsonObject) o;
      JsonObject address = listener.getJsonObject("local_address").getJsonObject("socket_address");
      ports.put(listener.getString("name"), address.getInteger("port_value"));
    }
  }

  private static String get(HttpClient http, String url) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
    return http.send(request, BodyHandlers.ofString()).body();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
