package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.Topology;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tasks on the pods of a live mesh: what they keep are its requests, and answers fit OpenAPI. */
@Tag("mesh")
@Tag("bpf")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // what @BeforeAll could not start here stays null, and the tests abort
class ProfilingTaskTest {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String TASKS = "/api/v1/profiling-tasks";
  private static final String PODS = "/api/v1/pods";
  private static final Path SELF = Path.of("/proc/self/ns/net");
  private static final String TASK = TASKS + "/{id}";
  private static final String SERVER = "hop1-v1";

  private final HttpClient http = HttpClient.newHttpClient();
  private WatchedMesh watched;
  private OpenApi openApi;
  private String pod;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    if (!MachineAllows.all()) {
      return; // each test aborts with the reason
    }
    watched = WatchedMesh.start(dir, c -> MeshConfig.of(Topology.chain(1, 1), c.alsTarget()));
    openApi = new OpenApi(ask("GET", "/api/v1/openapi.json", "").body());
    said("first", "/first");
    watched.request("first"); // by now the sidecar has named its pod
    pod = watched.podOf(watched.mesh().pod(SERVER).ip());
  }

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @AfterAll
  void stop() {
    if (watched != null) {
      watched.close();
    }
  }

  @Test
  void keepsTheRequestsThatItsRulesWant() throws Exception {
    String id =
        start(
            new JsonObject()
                .put(
                    "rules",
                    List.of(new JsonObject().put("path", "/want*").put("status", List.of("2xx"))))
                .put("duration", "10m"));
    said("a1", "/wanted");
    said("a2", "/other");
    said("a3", "/wanted/too?with=query");
    Eventually.isTrue(SOON, () -> calls(id) == 3, () -> task(id).encodePrettily());
    JsonObject task = task(id);
    assertEquals(2, task.getJsonObject("progress").getLong("matching"), task::encodePrettily);
    assertEquals(2, task.getJsonArray("requests").size(), task::encodePrettily);
    assertEquals("RUNNING", task.getString("state"));

    JsonObject kept = get(TASK + "/requests/{requestId}", TASKS + "/" + id + "/requests/a3", 200);
    assertEquals(kept, new JsonObject(ask("GET", "/api/v1/requests/a3", "").body()));
    get(TASK + "/requests/{requestId}", TASKS + "/" + id + "/requests/a2", 404);
    long legs =
        task.getJsonArray("legs").stream().mapToLong(l -> ((JsonObject) l).getLong("nanos")).sum();
    JsonObject totals = task.getJsonObject("totals");
    assertEquals(2.0 * totals.getLong("meanNanos"), legs, 2, task::encodePrettily);

    post(TASK + "/extend", id + "/extend", new JsonObject().put("duration", "20m"), 200);
    post(TASK + "/extend", id + "/extend", new JsonObject().put("duration", "31m"), 409);
    JsonObject stopped = post(TASK + "/stop", id + "/stop", new JsonObject(), 200);
    assertEquals("SETTLING", stopped.getString("state"));
    post(TASK + "/extend", id + "/extend", new JsonObject().put("duration", "1s"), 409);
    said("a4", "/wanted");
    watched.request("a4");
    assertEquals(3, calls(id));

    assertEquals(204, ask("DELETE", TASKS + "/" + id, "").statusCode());
    get(TASK, TASKS + "/" + id, 404);
  }

  @Test
  void startsItselfWhenAThresholdIsExceeded() throws Exception {
    JsonObject when = new JsonObject().put("p99", "0ms").put("minRequests", 2).put("window", "60s");
    String id = start(new JsonObject().put("duration", "30m").put("when", when));
    assertEquals("WAITING", task(id).getString("state"));
    said("b1", "/b");
    said("b2", "/b");
    Eventually.isTrue(
        SOON, () -> !task(id).getJsonArray("runs").isEmpty(), () -> task(id).encodePrettily());
    String run = task(id).getJsonArray("runs").getString(0);
    said("b3", "/b");
    Eventually.isTrue(SOON, () -> calls(run) == 1, () -> task(run).encodePrettily());
    assertEquals(id, task(run).getString("startedBy"));
    assertTrue(task(run).getString("because").startsWith("p99 "), task(run).getString("because"));
    assertEquals("b3", task(run).getJsonArray("requests").getJsonObject(0).getString("requestId"));
    assertEquals(1, task(id).getJsonArray("runs").size());
    ask("DELETE", TASKS + "/" + id, "");
    ask("DELETE", TASKS + "/" + run, "");
  }

  /** A program of the pod asks another by HTTPS: no sidecar knows more of it than bytes. */
  @Test
  void callsInsideTlsAreReadWhereATaskAsks(@TempDir Path dir) throws Exception {
    List<String> inPod = List.of("ip", "netns", "exec", watched.mesh().pod(SERVER).netns());
    try (HttpsInPod https = new HttpsInPod(inPod, dir)) {
      https.ask("/200/before");
      JsonObject wanted = new JsonObject().put("path", "/404/*");
      String id =
          start(
              new JsonObject()
                  .put("duration", "10m")
                  .put("tls", true)
                  .put("headBytes", 256)
                  .put("rules", List.of(wanted)));
      Eventually.isTrue(SOON, () -> covered(id, https.pid()), () -> task(id).encodePrettily());
      assertTrue(
          tlsProcesses(id).stream()
              .anyMatch(
                  p ->
                      p.getString("process").startsWith("java/")
                          && !p.getBoolean("covered")
                          && p.getString("how").contains("JVM")),
          () -> "the pod's own app is not named: " + task(id).encodePrettily());
      https.ask("/200/asked?password=secret");
      https.ask("/404/asked?password=secret");
      Eventually.isTrue(SOON, () -> tlsCalls(id) == 4, () -> task(id).encodePrettily());
      JsonObject task = get(TASK, TASKS + "/" + id, 200);
      assertEquals(2, task.getJsonObject("progress").getLong("tlsMatching"));
      for (Object call : task.getJsonArray("tlsCalls")) {
        JsonObject c = (JsonObject) call;
        assertEquals("TLS_PLAINTEXT", c.getString("source"));
        assertEquals("/404/asked", c.getString("path"), c::encodePrettily);
        assertEquals(404, c.getInteger("responseCode"));
        String server = "served".equals(c.getString("side")) ? "local" : "peer";
        assertEquals("127.0.0.1:" + HttpsInPod.PORT, c.getString(server), c::encodePrettily);
      }
      post(TASK + "/stop", id + "/stop", new JsonObject(), 200);
      Eventually.isTrue(SOON, this::isTlsLeftAlone, () -> health().encodePrettily());
      https.ask("/404/after");
      assertEquals(4, tlsCalls(id));
      ask("DELETE", TASKS + "/" + id, "");
    }
  }

  /**
   * What the pod's app has on its own sockets: of the mesh's requests, and what no sidecar sees.
   */
  @Test
  void headsOfThePodsOwnSocketsAreReadWhereATaskAsks() throws Exception {
    said("c0", "/before");
    String id =
        start(
            new JsonObject()
                .put("duration", "10m")
                .put("heads", true)
                .put("rules", List.of(new JsonObject().put("path", "/seen*"))));
    Eventually.isTrue(
        SOON,
        () -> { // the agent hears of it at the next tick
          said("c1", "/seen");
          return progress(id, "clearMatching") > 0;
        },
        () -> task(id).encodePrettily());
    AskingInPod.ask(
        List.of("ip", "netns", "exec", watched.mesh().pod(SERVER).netns()), "/seen/alone");
    said("c2", "/other");
    Eventually.isTrue(
        SOON,
        () -> calls(id, "/seen/alone").size() == 2 && app(id, "c1") != null,
        () -> task(id).encodePrettily());
    for (JsonObject call : calls(id, "/seen/alone")) { // both ends are in the pod
      assertEquals("CLEAR", call.getString("source"));
      assertEquals(404, call.getInteger("responseCode"), call::encodePrettily);
      assertTrue(call.getString("process").startsWith("python3"), call::encodePrettily);
    }
    assertEquals(200, app(id, "c1").getInteger("responseCode"));
    assertEquals("/seen", app(id, "c1").getString("path"));
    assertEquals(List.of(), calls(id, "/other"));
    post(TASK + "/stop", id + "/stop", new JsonObject(), 200);
    get(TASK, TASKS + "/" + id, 200);
    assertTrue(routed("/seen/alone") > 0, topology()::encodePrettily);
    Eventually
        .isTrue( // the task itself would not take it: what sockets tell does not ask for tasks
            SOON,
            () -> {
              long before = routed("/seen/late");
              String late = "late-" + System.nanoTime();
              said(late, "/seen/late");
              watched.request(late); // joined, so that the sockets have told of it long ago
              return routed("/seen/late") == before;
            },
            topology()::encodePrettily);
    assertEquals(List.of(), calls(id, "/seen/late"));
    ask("DELETE", TASKS + "/" + id, "");
  }

  /** Requests of this path whose heads the pod's sockets told of, for whomever. */
  private long routed(String path) {
    return topology().getJsonArray("lines").stream()
        .map(line -> ((JsonObject) line).getJsonObject("http"))
        .filter(Objects::nonNull)
        .flatMap(http -> http.getJsonArray("routes").stream())
        .map(JsonObject.class::cast)
        .filter(route -> path.equals(route.getString("path")))
        .mapToLong(route -> route.getLong("requests"))
        .sum();
  }

  private JsonObject topology() {
    return watched.api().get("/api/v1/pods/" + pod + "/topology");
  }

  private long progress(String id, String name) {
    return task(id).getJsonObject("progress").getLong(name);
  }

  private List<JsonObject> calls(String id, String path) {
    return task(id).getJsonArray("clearCalls").stream()
        .map(JsonObject.class::cast)
        .filter(c -> c.getString("path").equals(path))
        .toList();
  }

  /** Of a kept request; null: not kept yet, or kept without. */
  private JsonObject app(String id, String requestId) {
    return task(id).getJsonArray("requests").stream()
        .map(JsonObject.class::cast)
        .filter(r -> r.getString("requestId").equals(requestId))
        .map(r -> r.getJsonObject("app"))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private JsonObject health() {
    return watched.api().get("/healthz").getJsonObject("components");
  }

  /** Nothing is asked of the agent, here or on another node, any more. */
  private boolean isTlsLeftAlone() {
    JsonObject here = health().getJsonObject("agent").getJsonObject("tls");
    return here == null
        ? watched.api().get("/api/v1/agents").getJsonArray("agents").stream()
            .map(a -> ((JsonObject) a).getJsonObject("probes").getJsonArray("reading"))
            .allMatch(JsonArray::isEmpty)
        : !here.getBoolean("on");
  }

  private boolean covered(String id, long pid) {
    return tlsProcesses(id).stream()
        .anyMatch(p -> p.getString("process").endsWith("/" + pid) && p.getBoolean("covered"));
  }

  private List<JsonObject> tlsProcesses(String id) {
    JsonObject read = task(id).getJsonObject("headsRead");
    return read == null
        ? List.of()
        : read.getJsonArray("tlsProcesses").stream().map(JsonObject.class::cast).toList();
  }

  private long tlsCalls(String id) {
    return task(id).getJsonObject("progress").getLong("tlsCalls");
  }

  @Test
  void whatItCannotDoIsRefusedWithWords() throws Exception {
    JsonObject nowhere = post(TASKS, "", new JsonObject().put("pod", "none/such"), 404);
    assertTrue(nowhere.getJsonArray("pods").contains(pod), nowhere::encodePrettily);
    JsonObject body = new JsonObject().put("pod", pod);
    post(TASKS, "", body.copy().put("durations", "1s"), 400);
    post(TASKS, "", body.copy().put("duration", "2h"), 400);
    post(TASKS, "", body.copy().put("when", new JsonObject().put("window", "10s")), 400);
    post(TASKS, "", body.copy().put("when", new JsonObject().put("cpu", "much")), 400);
    post(TASKS, "", body.copy().put("rules", List.of("all")), 400);
    post(TASKS, "", body.copy().put("tls", "on"), 400);
    post(TASKS, "", body.copy().put("heads", "on"), 400);
    post(TASKS, "", body.copy().put("headBytes", 512), 400);
    post(TASKS, "", body.copy().put("tls", true).put("headBytes", 4_096), 400);
    post(TASKS, "", body.copy().put("rules", "x".repeat(20_000)), 413);
    HttpRequest form =
        HttpRequest.newBuilder(URI.create(watched.server().url() + TASKS))
            .header("content-type", "text/plain")
            .POST(BodyPublishers.ofString(body.encode()))
            .build();
    assertEquals(415, http.send(form, BodyHandlers.ofString()).statusCode());
    get(TASKS, TASKS, 200);
  }

  /**
   * Where this JVM itself is, as pods with {@code hostNetwork} are. A server that does not see that
   * it is an agent's own asks, and the agent's refusal is the task's.
   */
  @Test
  void headsOfTheAgentsOwnNetworkAreRefusedWithWords() throws Exception {
    long own = Long.parseLong(Files.readSymbolicLink(SELF).toString().replaceAll("[^0-9]", ""));
    Eventually.isTrue(SOON, () -> podIn(own) != null, () -> watched.api().get(PODS).encode());
    for (String asked : List.of("heads", "tls")) {
      JsonObject body = new JsonObject().put("pod", podIn(own)).put(asked, true);
      HttpResponse<String> answer = ask("POST", TASKS, body.encode());
      JsonObject said = new JsonObject(answer.body());
      if (answer.statusCode() == 409) {
        assertTrue(said.getString("detail").contains("others use it too"), said::encodePrettily);
      } else {
        String id = said.getString("id");
        Eventually.isTrue(SOON, () -> isRefused(id), () -> task(id).encodePrettily());
        ask("DELETE", TASKS + "/" + id, "");
      }
    }
  }

  private boolean isRefused(String id) {
    JsonObject read = task(id).getJsonObject("headsRead");
    String problem = read == null ? null : read.getString("problem");
    return problem != null && problem.contains("others use it too");
  }

  private String podIn(long netns) {
    return watched.api().get(PODS).getJsonArray("pods").stream()
        .map(JsonObject.class::cast)
        .filter(p -> p.getLong("netns") == netns)
        .map(p -> p.getString("namespace") + "/" + p.getString("name"))
        .findFirst()
        .orElse(null);
  }

  private String start(JsonObject body) throws Exception {
    JsonObject whole = body.copy().put("pod", pod);
    assertEquals(List.of(), openApi.bodyFaults(TASKS, whole.encode()));
    return post(TASKS, "", whole, 201).getString("id");
  }

  private void said(String id, String path) {
    String words = "hop1 9080 head=GET," + path + ",0," + id + " answer";
    assertEquals(200, watched.talk("client", words));
  }

  private JsonObject task(String id) {
    return watched.api().get(TASKS + "/" + id);
  }

  private long calls(String id) {
    return task(id).getJsonObject("progress").getLong("calls");
  }

  private JsonObject get(String resource, String question, int status) throws Exception {
    return checked("GET", resource, ask("GET", question, ""), status);
  }

  private JsonObject post(String resource, String rest, JsonObject body, int status)
      throws Exception {
    String url = rest.isEmpty() ? TASKS : TASKS + "/" + rest;
    return checked("POST", resource, ask("POST", url, body.encode()), status);
  }

  private JsonObject checked(
      String method, String resource, HttpResponse<String> answer, int status) throws Exception {
    assertEquals(status, answer.statusCode(), answer::body);
    String type = answer.headers().firstValue("content-type").orElse("");
    String operation = method.toLowerCase(java.util.Locale.ROOT);
    assertEquals(
        List.of(), openApi.faults(operation, resource, status, type, answer.body()), answer::body);
    return new JsonObject(answer.body());
  }

  private HttpResponse<String> ask(String method, String question, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(watched.server().url() + question))
            .timeout(SOON)
            .header("content-type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }
}
