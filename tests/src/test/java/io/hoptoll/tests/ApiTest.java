package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.app.cli.Hoptoll;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The API against its own description, on a live mesh. */
@Tag("mesh")
@Tag("bpf")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // what @BeforeAll could not start here stays null, and the tests abort
class ApiTest {
  private static final String DIAGNOSIS = "/api/v1/diagnosis?path=/productpage";

  /** A question that a live mesh answers, by resource. */
  private static final String A_POD = "/api/v1/pods/{namespace}/{pod}/";

  private static final String TASKS = "/api/v1/profiling-tasks";

  private static final Map<String, String> QUESTIONS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("/api/v1/diagnosis", DIAGNOSIS + "&window=30s"),
              Map.entry("/api/v1/paths", "/api/v1/paths?window=30s"),
              Map.entry("/api/v1/paths/series", "/api/v1/paths/series?path=/productpage&window=2m"),
              Map.entry("/api/v1/requests", "/api/v1/requests?order=slowest&limit=5&status=2xx"),
              Map.entry("/api/v1/requests/{requestId}", "/api/v1/requests/%3Cs%3Ehad"),
              Map.entry(
                  "/api/v1/requests/{requestId}/explain", "/api/v1/requests/%3Cs%3Ehad/explain"),
              Map.entry("/api/v1/topology", "/api/v1/topology?window=30s"),
              Map.entry("/api/v1/pods", "/api/v1/pods"),
              Map.entry("/api/v1/agents", "/api/v1/agents"),
              Map.entry("/api/v1/alerts", "/api/v1/alerts"),
              Map.entry(
                  "/api/v1/edges/series",
                  "/api/v1/edges/series?client=client.default&server=productpage-v1.default&window=1m"),
              Map.entry("/api/v1/verdicts", "/api/v1/verdicts"),
              Map.entry("/healthz", "/healthz"),
              Map.entry("/readyz", "/readyz")));

  private LiveApi live;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    if (MachineAllows.all()) {
      live = LiveApi.start(dir);
    } // else each test aborts with the reason
  }

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @AfterAll
  void stop() {
    if (live != null) {
      live.close();
    }
  }

  @Test
  void everyAnswerIsAsTheOpenApiDocumentSays() throws Exception {
    OpenApi openApi = new OpenApi(live.get("/api/v1/openapi.json").body());
    for (String resource : openApi.resources()) {
      if (resource.equals("/api/v1/verdicts/stream") || resource.startsWith(TASKS)) {
        continue; // has a test of its own
      }
      String question = resource.startsWith(A_POD) ? ofPod(resource) : QUESTIONS.get(resource);
      assertNotNull(question, () -> resource + " is described, but nothing asks it here");
      check(openApi, resource, question, 200);
    }
    check(openApi, "/api/v1/diagnosis", "/api/v1/diagnosis?path=/nowhere", 404);
    check(openApi, "/api/v1/diagnosis", DIAGNOSIS + "&window=soon", 400);
    check(openApi, "/api/v1/paths/series", "/api/v1/paths/series", 400);
    check(openApi, "/api/v1/requests", "/api/v1/requests?party=nobody", 400);
    check(openApi, "/api/v1/requests", "/api/v1/requests?cursor=1", 400);
    check(openApi, "/api/v1/requests/{requestId}", "/api/v1/requests/none", 404);
    check(openApi, "/api/v1/edges/series", "/api/v1/edges/series?client=a", 400);
  }

  @Test
  void theAgentInThisProcessIsListedAsOthersAre() throws Exception {
    JsonObject own = live.json("/api/v1/agents").getJsonArray("agents").getJsonObject(0);
    assertTrue(own.getBoolean("embedded"), own::encode);
    assertTrue(own.getBoolean("connected"), own::encode);
    assertTrue(own.getLong("records") > 0, own::encode);
    JsonObject probes = own.getJsonObject("probes");
    assertFalse(probes.getString("hooks").isEmpty(), own::encode);
    assertTrue(probes.getLong("exchanges") > 0, own::encode);
    JsonObject byNode = live.json("/healthz").getJsonObject("components").getJsonObject("agents");
    assertTrue(byNode.containsKey(own.getString("node")), byNode::encode);
  }

  /** Pods and their lines are named as they were found. */
  private String ofPod(String resource) throws Exception {
    Map.Entry<String, String> line = live.line("");
    return resource.replace("{namespace}/{pod}", line.getKey()).replace("{line}", line.getValue());
  }

  private void check(OpenApi openApi, String resource, String question, int status)
      throws Exception {
    HttpResponse<String> answer = live.get(question);
    assertEquals(status, answer.statusCode(), () -> question + ": " + answer.body());
    String type = answer.headers().firstValue("content-type").orElse("");
    List<String> faults = openApi.faults(resource, status, type, answer.body());
    assertEquals(List.of(), faults, () -> question + ": " + answer.body());
  }

  @Test
  void pagesOfASearchFollowEachOther() throws Exception {
    JsonObject first = live.json("/api/v1/requests?path=/productpage&order=slowest&limit=3");
    JsonObject second =
        live.json(
            "/api/v1/requests?path=/productpage&order=slowest&limit=3&cursor="
                + first.getString("nextCursor"));
    long last = first.getJsonArray("requests").getJsonObject(2).getLong("totalNanos");
    long next = second.getJsonArray("requests").getJsonObject(0).getLong("totalNanos");
    assertTrue(last >= next, () -> last + " before " + next);
  }

  @Test
  void answersAreZippedAndNotSentTwice() throws Exception {
    HttpResponse<InputStream> zipped =
        live.http()
            .send(
                live.request("/api/v1/openapi.json").header("accept-encoding", "gzip").build(),
                BodyHandlers.ofInputStream());
    assertEquals("gzip", zipped.headers().firstValue("content-encoding").orElse("none"));
    byte[] plain = new GZIPInputStream(zipped.body()).readAllBytes();
    assertTrue(new String(plain, StandardCharsets.UTF_8).startsWith("{"));
    String etag = zipped.headers().firstValue("etag").orElseThrow();
    HttpRequest again = live.request("/api/v1/openapi.json").header("if-none-match", etag).build();
    HttpResponse<String> unchanged = live.http().send(again, BodyHandlers.ofString());
    assertEquals(304, unchanged.statusCode());
    assertEquals("", unchanged.body());
  }

  @Test
  void theStreamTellsWhatStandsAndResumesAfterAnId() throws Exception {
    JsonObject change = firstEvent("0");
    OpenApi openApi = new OpenApi(live.get("/api/v1/openapi.json").body());
    String both =
        new JsonObject().put("current", List.of()).put("changes", List.of(change)).encode();
    assertEquals(List.of(), openApi.faults("/api/v1/verdicts", 200, "application/json", both));
    assertEquals(1, change.getLong("id"));
  }

  /** What an assistant has in hand: {@code hoptoll mcp}, a process of its own, on a live mesh. */
  @Test
  void anAssistantFindsAPathItsVerdictAndARequestsArithmetic() throws Exception {
    ServerParameters hoptoll =
        new ServerParameters.Builder(Path.of(System.getProperty("java.home"), "bin/java") + "")
            .args(
                "-cp",
                System.getProperty("java.class.path"),
                Hoptoll.class.getName(),
                "mcp",
                "--server",
                live.server().url())
            .build();
    StdioClientTransport pipe = new StdioClientTransport(hoptoll, McpJsonDefaults.getMapper());
    try (McpSyncClient mcp = McpClient.sync(pipe).requestTimeout(LiveApi.SOON).build()) {
      mcp.initialize();
      assertTrue(ask(mcp, "paths", Map.of()).encode().contains("/productpage"));
      JsonObject verdict = ask(mcp, "diagnose", Map.of("path", "/productpage", "window", "30s"));
      assertTrue(verdict.getLong("requests") > 0, verdict::encode);
      assertFalse(verdict.getString("headline").isEmpty(), verdict::encode);
      JsonObject request = ask(mcp, "explain", Map.of("id", LiveApi.EVIL_ID));
      assertTrue(request.encode().contains("server.app.service"), request::encode);
    }
  }

  private static JsonObject ask(McpSyncClient mcp, String tool, Map<String, Object> arguments) {
    CallToolResult answer = mcp.callTool(new CallToolRequest(tool, arguments));
    assertFalse(Boolean.TRUE.equals(answer.isError()), answer::toString);
    return JsonObject.mapFrom(answer.structuredContent());
  }

  private JsonObject firstEvent(String after) throws Exception {
    HttpRequest ask =
        live.request("/api/v1/verdicts/stream").header("last-event-id", after).build();
    HttpResponse<InputStream> stream = live.http().send(ask, BodyHandlers.ofInputStream());
    assertEquals("text/event-stream", stream.headers().firstValue("content-type").orElse(""));
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null && !line.startsWith("data: ")) {
        line = lines.readLine();
      }
      return new JsonObject(String.valueOf(line).substring("data: ".length()));
    }
  }
}
