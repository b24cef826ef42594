package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.model.LegKind;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The API against its own description, and the page in a real browser, on a live mesh. */
@Tag("mesh")
@Tag("bpf")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@NullUnmarked // what @BeforeAll could not start here stays null, and the tests abort
class PageTest {
  private static final Duration SOON = Duration.ofSeconds(40);

  /** A request id is whatever a client sends. */
  private static final String EVIL_ID = "<s>had";

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

  private final HttpClient http = HttpClient.newHttpClient();
  private HoptollServer server;
  private MiniMesh mesh;
  private Browser browser;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    if (!MachineAllows.all()) {
      return; // each test aborts with the reason
    }
    String als = "unix:" + Here.opened(dir).resolve("als.sock");
    Config config = Config.defaults().with(Settings.STORE_DIR, "off");
    server =
        HoptollServer.start(
            config.with(Settings.ALS_LISTEN, List.of(als)).with(Settings.HTTP_PORT, 0));
    mesh = MiniMesh.start(MeshConfig.bookinfo(als));
    mesh.load().start(new LoadPlan("productpage", "/evil", 2, 1, true, EVIL_ID));
    Eventually.isTrue(SOON, () -> seen("/evil"), this::health);
    mesh.load().stop();
    mesh.load().start(LoadPlan.of("productpage", "/productpage", 30, 8));
    Eventually.isTrue(SOON, () -> seen("/productpage"), this::health);
    Eventually.isTrue(SOON, () -> judged("/productpage"), this::health);
    browser = new Browser(server.url());
  }

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
    Programs.find("chromium");
    Programs.find("chromedriver");
  }

  @AfterAll
  void stop() {
    if (browser != null) {
      browser.close();
    }
    if (mesh != null) {
      mesh.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  @Order(1)
  void everyAnswerIsAsTheOpenApiDocumentSays() throws Exception {
    OpenApi openApi = new OpenApi(get("/api/v1/openapi.json").body());
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

  /** Pods and their lines are named as they were found. */
  private String ofPod(String resource) throws Exception {
    for (Object o : json("/api/v1/pods").getJsonArray("pods")) {
      JsonObject pod = (JsonObject) o;
      String named =
          resource
              .replace("{namespace}", pod.getString("namespace"))
              .replace("{pod}", pod.getString("name"));
      JsonObject topology = json(named.replace("/lines/{line}", "/topology"));
      if (!topology.getJsonArray("lines").isEmpty()) {
        String line = topology.getJsonArray("lines").getJsonObject(0).getString("id");
        return named.replace("{line}", line);
      }
    }
    throw new AssertionError("no pod has a line: " + get("/api/v1/pods").body());
  }

  private void check(OpenApi openApi, String resource, String question, int status)
      throws Exception {
    HttpResponse<String> answer = get(question);
    assertEquals(status, answer.statusCode(), () -> question + ": " + answer.body());
    String type = answer.headers().firstValue("content-type").orElse("");
    List<String> faults = openApi.faults(resource, status, type, answer.body());
    assertEquals(List.of(), faults, () -> question + ": " + answer.body());
  }

  @Test
  @Order(2)
  void pagesOfASearchFollowEachOther() throws Exception {
    JsonObject first = json("/api/v1/requests?path=/productpage&order=slowest&limit=3");
    JsonObject second =
        json(
            "/api/v1/requests?path=/productpage&order=slowest&limit=3&cursor="
                + first.getString("nextCursor"));
    long last = first.getJsonArray("requests").getJsonObject(2).getLong("totalNanos");
    long next = second.getJsonArray("requests").getJsonObject(0).getLong("totalNanos");
    assertTrue(last >= next, () -> last + " before " + next);
  }

  @Test
  @Order(3)
  void answersAreZippedAndNotSentTwice() throws Exception {
    HttpResponse<InputStream> zipped =
        http.send(
            request("/api/v1/openapi.json").header("accept-encoding", "gzip").build(),
            BodyHandlers.ofInputStream());
    assertEquals("gzip", zipped.headers().firstValue("content-encoding").orElse("none"));
    byte[] plain = new GZIPInputStream(zipped.body()).readAllBytes();
    assertTrue(new String(plain, StandardCharsets.UTF_8).startsWith("{"));
    String etag = zipped.headers().firstValue("etag").orElseThrow();
    HttpRequest again = request("/api/v1/openapi.json").header("if-none-match", etag).build();
    HttpResponse<String> unchanged = http.send(again, BodyHandlers.ofString());
    assertEquals(304, unchanged.statusCode());
    assertEquals("", unchanged.body());
  }

  @Test
  @Order(4)
  void theStreamTellsWhatStandsAndResumesAfterAnId() throws Exception {
    JsonObject change = firstEvent("0");
    OpenApi openApi = new OpenApi(get("/api/v1/openapi.json").body());
    String both =
        new JsonObject().put("current", List.of()).put("changes", List.of(change)).encode();
    assertEquals(List.of(), openApi.faults("/api/v1/verdicts", 200, "application/json", both));
    assertEquals(1, change.getLong("id"));
  }

  private JsonObject firstEvent(String after) throws Exception {
    HttpRequest ask = request("/api/v1/verdicts/stream").header("last-event-id", after).build();
    HttpResponse<InputStream> stream = http.send(ask, BodyHandlers.ofInputStream());
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

  @Test
  @Order(5)
  void fromThePathsToOneRequestsArithmetic() throws Exception {
    browser.screen(1280, "light");
    browser.open("");
    browser.find(".card .badge");
    browser.shows("/productpage");
    browser.click(".card .name a[href*='productpage']");
    browser.find(".ledger .leg");
    browser.shows("Where the time goes");
    browser.shows("What the slow ones are made of");
    browser.click(".requests a");
    browser.shows("= the total ✓");
    assertTrue(browser.address().contains("#/request?id="), browser.address());
    assertTrue(browser.count(".ledger .mark.m-KERNEL") >= 20 * 3, browser.text());
    assertEquals(6, browser.count("details[open] th[scope=row]:not([colspan])"), browser.text());
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  @Order(6)
  void aLineOfTheGraphOpensWithTheKeyboard() {
    browser.open("#/topology");
    browser.find(".graph .edge");
    assertTrue(browser.count(".graph .edge") >= 6, browser.text());
    assertTrue(browser.count(".graph .node") >= 7, browser.text());
    browser.script(
        "const e = [...document.querySelectorAll('.edge')].find((x) =>"
            + " x.getAttribute('aria-label').includes('details-v1'));"
            + "e.focus(); e.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles:"
            + " true}))");
    browser.shows("segments sent again");
    assertTrue(browser.address().contains("server=details-v1.default"), browser.address());
  }

  @Test
  @Order(6)
  void aPodOpensAndItsLinesTellBothEnds() throws Exception {
    browser.open("#/topology");
    browser.shows("Open one: its processes");
    Map.Entry<String, String> line = aLine();
    browser.click("main a[href*='pod?pod=" + line.getKey().replace("/", "%2F") + "']");
    browser.find("svg.hexagon .edge");
    browser.script(
        "const e = document.querySelector('svg.hexagon .edge');"
            + "e.focus(); e.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles:"
            + " true}))");
    browser.shows("segments sent again");
    browser.find(".ends .bars li");
    assertTrue(browser.address().contains("line="), browser.address());
  }

  @Test
  @Order(6)
  void twoTimesAreCompared() {
    browser.open("#/path?path=/productpage&window=10s&compare=15s-ago");
    browser.shows("Compared with");
    browser.shows("What changed most");
    browser.click(".comparing > a");
    browser.shows("Compared with");
    assertTrue(browser.address().contains("before="), browser.address());
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  @Order(6)
  void aTaskIsStartedKeepsRequestsAndIsStopped() {
    browser.open("#/profiling");
    browser.find("form select[name=pod] option");
    browser.click("form button");
    browser.shows("Task t1");
    browser.click("main a[href*='request?'][href*='task=t1']");
    browser.find(".ledger .leg");
    browser.open("#/profiling?task=t1");
    browser.click("table button.quiet");
    browser.shows("✓ done");
    assertEquals(List.of(), browser.complaints());
  }

  /** A pod, and its busiest line. */
  private Map.Entry<String, String> aLine() throws Exception {
    for (Object o : json("/api/v1/pods").getJsonArray("pods")) {
      JsonObject pod = (JsonObject) o;
      String name = pod.getString("namespace") + "/" + pod.getString("name");
      JsonObject topology = json("/api/v1/pods/" + name + "/topology");
      if (name.contains("reviews") && !topology.getJsonArray("lines").isEmpty()) {
        return Map.entry(name, topology.getJsonArray("lines").getJsonObject(0).getString("id"));
      }
    }
    throw new AssertionError("no pod of reviews has a line: " + get("/api/v1/pods").body());
  }

  @Test
  @Order(7)
  void everyViewFitsAnyScreenAndKeepsItsPolicy() throws Exception {
    Map.Entry<String, String> lines = aLine();
    String id =
        json("/api/v1/requests?path=/productpage&order=slowest&limit=1")
            .getJsonArray("requests")
            .getJsonObject(0)
            .getString("requestId");
    Map<String, String> views =
        new TreeMap<>(
            Map.of(
                "paths", "#/paths",
                "path", "#/path?path=/productpage&window=30s",
                "request", "#/request?id=" + id,
                "requests", "#/requests?order=slowest",
                "topology", "#/topology",
                "pod", "#/pod?pod=" + lines.getKey() + "&line=" + lines.getValue(),
                "profiling", "#/profiling?task=t1",
                "health", "#/health"));
    for (Map.Entry<String, String> view : views.entrySet()) {
      fits(view.getKey(), view.getValue(), 1280, "light");
      fits(view.getKey(), view.getValue(), 1280, "dark");
      fits(view.getKey(), view.getValue(), 390, "light");
      fits(view.getKey(), view.getValue(), 390, "dark");
    }
    assertEquals(List.of(), browser.complaints());
  }

  private void fits(String name, String link, int width, String scheme) throws IOException {
    browser.screen(width, scheme);
    browser.open(link);
    browser.find("main[data-view=" + name + "] > *");
    Object over =
        browser.script("const d = document.documentElement; return d.scrollWidth - d.clientWidth");
    assertEquals(0L, over, () -> name + " is wider than " + width + " px");
    browser.shoot(name + "-" + width + "-" + scheme, width);
  }

  @Test
  @Order(8)
  void whatAClientSendsIsTextAndNeverMarkup() {
    browser.screen(1280, "light");
    for (String view : List.of("#/request?id=%3Cs%3Ehad", "#/requests?path=/evil")) {
      browser.open(view);
      browser.shows(EVIL_ID);
      assertEquals(0, browser.count("main s"), view);
    }
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  @Order(9)
  void thePageKnowsEveryLegByName() throws Exception {
    String words = get("/text.js").body();
    for (LegKind kind : LegKind.values()) {
      assertTrue(words.contains("'" + kind.label() + "'"), kind::label);
    }
  }

  @Test
  @Order(10)
  void emptyAndWrongSayWhatToDo() {
    browser.open("#/path?path=/nowhere");
    browser.shows("has been seen");
    assertTrue(browser.count("main a[href*='productpage']") > 0, browser.text());
    browser.open("#/requests?minDuration=1h");
    browser.shows("Nothing kept matches");
    browser.open("#/paths");
    browser.find(".card");
    server.close();
    browser.shows("no answer");
    browser.complaints();
  }

  private boolean seen(String path) {
    return new ApiClient(server.url())
        .get("/api/v1/paths").getJsonArray("paths").stream()
            .anyMatch(p -> path.equals(((JsonObject) p).getString("path")));
  }

  private boolean judged(String path) {
    return new ApiClient(server.url())
        .get("/api/v1/verdicts").getJsonArray("current").stream()
            .anyMatch(v -> path.equals(((JsonObject) v).getString("path")));
  }

  private String health() {
    ApiClient api = new ApiClient(server.url());
    return api.get("/api/v1/paths").encode() + api.get("/healthz").encode();
  }

  private JsonObject json(String resource) throws Exception {
    return new JsonObject(get(resource).body());
  }

  private HttpResponse<String> get(String resource) throws Exception {
    return http.send(request(resource).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String resource) {
    return HttpRequest.newBuilder(URI.create(server.url() + resource)).timeout(SOON);
  }
}
