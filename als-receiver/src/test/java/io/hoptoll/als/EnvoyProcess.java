package io.hoptoll.als;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A real Envoy on loopback with a static configuration; it ends with the test. */
final class EnvoyProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Process process;
  private final Map<String, Integer> ports;

  private EnvoyProcess(Process process, Map<String, Integer> ports) {
    this.process = process;
    this.ports = ports;
  }

  /** The binary of HOPTOLL_ENVOY, else of PATH; aborts the test where there is none. */
  static Path binary() {
    String given = System.getenv("HOPTOLL_ENVOY");
    if (given != null && Files.isExecutable(Path.of(given))) {
      return Path.of(given);
    }
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(File.pathSeparator, -1)) {
      Path candidate = Path.of(folder, "envoy");
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return Assumptions.abort("no Envoy: HOPTOLL_ENVOY names no executable and PATH has no envoy");
  }

  /** Starts it in {@code dir} and waits until its listeners have their ports. */
  static EnvoyProcess start(Path binary, Path dir, String yaml) throws Exception {
    Path config = Files.writeString(dir.resolve("envoy.yaml"), yaml);
    Path admin = dir.resolve("admin-address");
    Path log = dir.resolve("envoy.log");
    Process process =
        new ProcessBuilder(
                List.of(
                    binary.toString(),
                    "--config-path",
                    config.toString(),
                    "--admin-address-path",
                    admin.toString(),
                    "--disable-hot-restart",
                    "--concurrency",
                    "1",
                    "--log-level",
                    "warning"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      return new EnvoyProcess(process, awaitListeners(process, admin));
    } catch (Exception e) {
      process.destroyForcibly();
      throw new IOException("Envoy did not start: " + Files.readString(log), e);
    }
  }

  /** The port that a listener with port 0 was given. */
  int port(String listener) {
    Integer port = ports.get(listener);
    if (port == null) {
      throw new IllegalArgumentException("no listener " + listener + " among " + ports.keySet());
    }
    return port;
  }

  @Override
  public void close() throws Exception {
    process.destroy();
    if (!process.waitFor(5, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  private static Map<String, Integer> awaitListeners(Process process, Path admin) throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (process.isAlive() && System.nanoTime() < deadline) {
      process.waitFor(50, TimeUnit.MILLISECONDS);
      if (Files.exists(admin) && !Files.readString(admin).isEmpty()) {
        String base = "http://" + Files.readString(admin).trim();
        if (get(http, base + "/ready").startsWith("LIVE")) {
          return ports(get(http, base + "/listeners?format=json"));
        }
      }
    }
    throw new IOException(process.isAlive() ? "not ready in " + PATIENCE : "it exited");
  }

  private static String get(HttpClient http, String url) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static Map<String, Integer> ports(String json) {
    Map<String, Integer> ports = new HashMap<>();
    JsonObject all = JsonParser.parseString(json).getAsJsonObject();
    for (JsonElement one : all.getAsJsonArray("listener_statuses")) {
      JsonObject listener = one.getAsJsonObject();
      ports.put(
          listener.get("name").getAsString(),
          listener
              .getAsJsonObject("local_address")
              .getAsJsonObject("socket_address")
              .get("port_value")
              .getAsInt());
    }
    return ports;
  }
}
