package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Pod;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One pod of the mesh: its processes, peers and lines; bytes as {@code ss} counts them. */
@Tag("mesh")
@Tag("bpf")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // what @BeforeAll could not start here stays null, and the tests abort
class PodTopologyTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String WORKLOAD = "details-v1";
  private static final int REQUESTS = 23;

  /** Of a request; bash's printf writes them one by one. */
  private static final int LINES = 3;

  /** Requests on one connection, then "done"; the connection stays until stdin ends. */
  private static final String FIXED_CONNECTION =
      "exec 3<>/dev/tcp/$1/9080\n"
          + "for ((i = 0; i < $2; i++)); do\n"
          + "  printf 'GET /fixed HTTP/1.1\\r\\nHost: details\\r\\n\\r\\n' >&3\n"
          + "  while IFS= read -r -u 3 line && [ \"$line\" != $'\\r' ]; do\n"
          + "    case ${line,,} in content-length:*) length=${line//[!0-9]/} ;; esac\n"
          + "  done\n"
          + "  LC_ALL=C IFS= read -r -N \"$length\" -u 3 body\n"
          + "done\n"
          + "echo done\n"
          + "read -r _\n";

  private HoptollServer server;
  private MiniMesh mesh;
  private ApiClient api;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    if (!MachineAllows.all()) {
      return; // each test aborts with the reason
    }
    Here.opened(dir);
    String als = "unix:" + dir.resolve("als.sock");
    server =
        HoptollServer.start(
            Config.defaults()
                .with(Settings.STORE_DIR, "off")
                .with(Settings.ALS_LISTEN, List.of(als))
                .with(Settings.HTTP_PORT, 0));
    mesh = MiniMesh.start(MeshConfig.bookinfo(als));
    api = new ApiClient(server.url());
  }

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
    Eventually.isTrue(
        SOON, () -> found().isPresent(), () -> api.get("/api/v1/pods").encodePrettily());
  }

  @AfterAll
  void stop() {
    if (mesh != null) {
      mesh.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void appAndSidecarWithTheLineBetweenThemAndTheCallingPod() {
    mesh.load().start(LoadPlan.of("productpage", "/productpage", 20, 4));
    Eventually.isTrue(
        SOON,
        () -> lines(l -> "HTTPS".equals(l.getString("protocol"))).size() == 1,
        () -> "no line of mutual TLS: " + topology().encodePrettily());
    mesh.load().stop();
    JsonObject topology = topology();
    String app = "p" + mesh.app(WORKLOAD).pid();
    String sidecar = "p" + mesh.sidecar(WORKLOAD).pid();
    assertEquals("app", process(topology, app).getString("kind"));
    assertEquals("envoy", process(topology, sidecar).getString("kind"));
    assertTrue(process(topology, sidecar).getBoolean("sidecar"));

    String line = sidecar + "-" + app;
    Eventually.isTrue(
        SOON,
        () -> bothSidesAgree(line(topology(), line)),
        () -> "the sides differ: " + line(topology(), line).encodePrettily());
    assertEquals("HTTP", line(topology(), line).getString("protocol"));

    JsonObject mutualTls = lines(l -> "HTTPS".equals(l.getString("protocol"))).get(0);
    assertEquals(sidecar, mutualTls.getString("server"));
    JsonObject caller = find(topology, "peers", mutualTls.getString("client"));
    assertEquals("productpage-v1", caller.getString("workload"));
  }

  /** What one end sent the other received. */
  private static boolean bothSidesAgree(JsonObject line) {
    JsonObject client = line.getJsonObject("clientSide");
    JsonObject server = line.getJsonObject("serverSide");
    return client.getLong("bytesOut") > 0
        && client.getLong("bytesOut").equals(server.getLong("bytesIn"))
        && client.getLong("bytesIn").equals(server.getLong("bytesOut"))
        && client.getLong("exchanges").equals(server.getLong("exchanges"));
  }

  @Test
  void bytesOfAFixedConnectionAgreeWithSs() throws Exception {
    Programs.find("ss");
    Pod pod = mesh.pod(WORKLOAD);
    Process client =
        new ProcessBuilder(
                "ip",
                "netns",
                "exec",
                pod.netns(),
                "bash",
                "-c",
                FIXED_CONNECTION,
                "fixed",
                pod.ip(),
                String.valueOf(REQUESTS))
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
      assertEquals("done", out.readLine());
      String line = "p" + client.pid() + "-p" + mesh.app(WORKLOAD).pid();
      Eventually.isTrue(
          SOON,
          () -> lines(l -> exchanges(l, line) == REQUESTS).size() == 1,
          () -> "not " + REQUESTS + " exchanges on " + line + ": " + topology().encodePrettily());
      String socket =
          MiniMesh.inNamespace(pod, "ss -tinpHO dport = :9080")
              .lines()
              .filter(l -> l.contains("pid=" + client.pid() + ","))
              .findFirst()
              .orElseThrow();
      agree(socket, metrics(line));
    } finally {
      client.destroyForcibly().waitFor();
    }
  }

  /** {@code bytes_acked} counts the SYN, too. */
  private static void agree(String socket, JsonObject m) {
    long sent = number(socket, "bytes_acked") - 1;
    long received = number(socket, "bytes_received");
    assertEquals(sent, m.getLong("hoptoll_process_client_write_bytes"), socket);
    assertEquals(received, m.getLong("hoptoll_process_client_read_bytes"), socket);
    assertEquals(sent, m.getLong("hoptoll_process_server_read_bytes"), socket);
    assertEquals(received, m.getLong("hoptoll_process_server_write_bytes"), socket);
    assertEquals(1, m.getLong("hoptoll_process_client_connect_count"));
    assertEquals(1, m.getLong("hoptoll_process_server_connect_count"));
    assertEquals(REQUESTS * LINES, m.getLong("hoptoll_process_client_write_count"));
    assertEquals(0, m.getLong("hoptoll_process_client_retransmit_count"));
    for (String row : List.of("write", "read", "write_rtt")) {
      String histogram = "hoptoll_process_client_" + row + "_nanos_histogram";
      assertEquals(REQUESTS, m.getJsonObject(histogram).getLong("count"), histogram);
    }
  }

  private static long number(String socket, String field) {
    Matcher m = Pattern.compile("\\b" + field + ":(\\d+)").matcher(socket);
    assertTrue(m.find(), field + " in " + socket);
    return Long.parseLong(m.group(1));
  }

  private static long exchanges(JsonObject line, String id) {
    JsonObject client = line.getJsonObject("clientSide");
    JsonObject server = line.getJsonObject("serverSide");
    boolean isIt = line.getString("id").equals(id) && client != null && server != null;
    return isIt ? Math.min(client.getLong("exchanges"), server.getLong("exchanges")) : -1;
  }

  private JsonObject metrics(String line) {
    return api.get(pod() + "/lines/" + line).getJsonObject("metrics");
  }

  private JsonObject topology() {
    return api.get(pod() + "/topology");
  }

  /** Named by its sidecar once that logged, by its address before. */
  private String pod() {
    return found()
        .map(p -> "/api/v1/pods/" + p.getString("namespace") + "/" + p.getString("name"))
        .orElseThrow();
  }

  /** It is there once the agent has looked at its network namespace. */
  private Optional<JsonObject> found() {
    String ip = mesh.pod(WORKLOAD).ip();
    return api.get("/api/v1/pods").getJsonArray("pods").stream()
        .map(JsonObject.class::cast)
        .filter(pod -> pod.getJsonArray("addresses").contains(ip))
        .findFirst();
  }

  private List<JsonObject> lines(Predicate<JsonObject> wanted) {
    return topology().getJsonArray("lines").stream()
        .map(JsonObject.class::cast)
        .filter(wanted)
        .toList();
  }

  private static JsonObject line(JsonObject topology, String id) {
    return find(topology, "lines", id);
  }

  private static JsonObject process(JsonObject topology, String id) {
    return find(topology, "processes", id);
  }

  private static JsonObject find(JsonObject topology, String list, String id) {
    for (Object o : topology.getJsonArray(list)) {
      JsonObject found = (JsonObject) o;
      if (found.getString("id").equals(id)) {
        return found;
      }
    }

    throw new AssertionError("no " + id + " in " + topology.encodePrettily());
  }
}
