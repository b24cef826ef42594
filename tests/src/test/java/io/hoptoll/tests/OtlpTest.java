package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Topology;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spans and metrics through a real OpenTelemetry collector, which hands them on as JSON. */
@Tag("mesh")
@Tag("bpf")
class OtlpTest {
  private static final Duration SOON = Duration.ofSeconds(40);

  private final Map<String, JsonObject> spans = new ConcurrentHashMap<>();
  private final Set<String> metrics = ConcurrentHashMap.newKeySet();

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @Test
  void legsHangInTheTraceThatTheRequestCarriedAndSumToTheirHop(@TempDir Path dir) throws Exception {
    HttpServer end = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    end.createContext("/", this::take);
    end.start();
    int port = freePort();
    Process collector = collector(dir, port, end.getAddress().getPort());
    String als = "unix:" + Here.opened(dir).resolve("als.sock");
    Config config =
        Config.defaults()
            .with(Settings.STORE_DIR, "off")
            .with(Settings.ALS_LISTEN, List.of(als))
            .with(Settings.HTTP_PORT, 0)
            .with(Settings.OTLP_ENDPOINT, "http://127.0.0.1:" + port)
            .with(Settings.OTLP_METRICS_EVERY, Duration.ofSeconds(1))
            .with(Settings.OTLP_TRACE_SHARE, 1.0);
    try (HoptollServer server = HoptollServer.start(config);
        MiniMesh mesh = MiniMesh.start(MeshConfig.of(Topology.chain(2, 1), als))) {
      mesh.load().start(new LoadPlan("hop1", "/chain", 5, 2, true, "traced"));
      Eventually.isTrue(SOON, () -> hops().size() >= 20, () -> spans + " " + log(dir));
      mesh.load().stop();
      Eventually.isTrue(
          SOON, () -> metrics.contains("hoptoll.leg"), () -> metrics + " " + log(dir));
    } finally {
      collector.destroy();
      collector.waitFor();
      end.stop(0);
    }
    hops().forEach(this::checkHop);
    assertTrue(metrics.contains("hoptoll.agent.ring.lost"), metrics::toString);
  }

  /** Legs inside their hop, adding up to it; an outer hop hangs below a span that is not ours. */
  private void checkHop(JsonObject hop) {
    Map<String, Long> sums = new HashMap<>();
    Set<String> parties = new TreeSet<>();
    for (JsonObject leg : spans.values()) {
      if (leg.getString("parentSpanId", "").equals(hop.getString("spanId"))
          && !attribute(leg, "hoptoll.leg").isEmpty()) {
        assertEquals(hop.getString("traceId"), leg.getString("traceId"));
        sums.merge("legs", end(leg) - start(leg), Long::sum);
        parties.add(attribute(leg, "hoptoll.party"));
        assertTrue(start(leg) >= start(hop) && end(leg) <= end(hop), leg::encode);
      }
    }
    if (attribute(hop, "hoptoll.client").startsWith("client.")) {
      assertTrue(!spans.containsKey(hop.getString("parentSpanId")), hop::encode);
    }
    assertEquals(end(hop) - start(hop), sums.get("legs"), hop::encode);
    assertTrue(parties.containsAll(Set.of("TRANSPORT", "SERVER_APP")), parties::toString);
  }

  private List<JsonObject> hops() {
    return spans.values().stream().filter(s -> !attribute(s, "hoptoll.path").isEmpty()).toList();
  }

  private void take(HttpExchange exchange) throws IOException {
    byte[] body;
    try (var in = exchange.getRequestBody()) {
      boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("content-encoding"));
      body = packed ? new GZIPInputStream(in).readAllBytes() : in.readAllBytes();
    }
    JsonObject json = new JsonObject(new String(body, StandardCharsets.UTF_8));
    each(json, "resourceSpans", "scopeSpans", "spans")
        .forEach(s -> spans.put(s.getString("spanId"), s));
    each(json, "resourceMetrics", "scopeMetrics", "metrics")
        .forEach(m -> metrics.add(m.getString("name")));
    exchange.getResponseHeaders().add("content-type", "application/json");
    exchange.sendResponseHeaders(200, 2);
    exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
    exchange.close();
  }

  private static List<JsonObject> each(JsonObject json, String... levels) {
    List<JsonObject> at = List.of(json);
    for (String level : levels) {
      at =
          at.stream()
              .flatMap(o -> o.getJsonArray(level, new JsonArray()).stream())
              .map(JsonObject.class::cast)
              .toList();
    }
    return at;
  }

  /** Empty where it has none. */
  private static String attribute(JsonObject span, String key) {
    return each(span, "attributes").stream()
        .filter(a -> a.getString("key").equals(key))
        .map(a -> a.getJsonObject("value").getString("stringValue", ""))
        .findFirst()
        .orElse("");
  }

  private static long start(JsonObject span) {
    return Long.parseLong(span.getString("startTimeUnixNano"));
  }

  private static long end(JsonObject span) {
    return Long.parseLong(span.getString("endTimeUnixNano"));
  }

  private static Process collector(Path dir, int port, int endPort) throws IOException {
    String program = System.getenv().getOrDefault("HOPTOLL_OTELCOL", "");
    assumeTrue(
        !program.isEmpty(),
        "no OpenTelemetry collector: HOPTOLL_OTELCOL is not set (./hoptoll test builds one with Go)");
    assertTrue(
        Files.isExecutable(Path.of(program)),
        () -> "HOPTOLL_OTELCOL is no program: " + program + "; .hoptoll/log/otelcol.log says why");
    Path config = dir.resolve("otelcol.yaml");
    Files.writeString(
        config,
        """
        receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}}
        exporters:
          otlphttp: {endpoint: "http://127.0.0.1:%d", encoding: json}
        service:
          telemetry: {metrics: {level: none}}
          pipelines:
            traces: {receivers: [otlp], exporters: [otlphttp]}
            metrics: {receivers: [otlp], exporters: [otlphttp]}
        """
            .formatted(port, endPort));
    return new ProcessBuilder(program, "--config", "file:" + config)
        .redirectErrorStream(true)
        .redirectOutput(dir.resolve("log").toFile())
        .start();
  }

  private static String log(Path dir) {
    try {
      return Files.readString(dir.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
