package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.model.LegKind;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

/** The page in a real browser, on a live mesh. */
@Tag("mesh")
@Tag("bpf")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@NullUnmarked // what @BeforeAll could not start here stays null, and the tests abort
class PageTest {
  private LiveApi live;
  private Browser browser;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    if (MachineAllows.all()) {
      live = LiveApi.start(dir);
      browser = new Browser(live.server().url());
    } // else each test aborts with the reason
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
    if (live != null) {
      live.close();
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
    Map.Entry<String, String> line = live.line("reviews");
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

  /** What the sockets showed of HTTP, without an access log. */
  @Test
  @Order(6)
  void aPodShowsItsRequestsByRouteAndThoseThatHang() throws Exception {
    List<String> inPod = List.of("ip", "netns", "exec", live.mesh().pod("reviews-v1").netns());
    String pod = live.line("reviews-v1").getKey();
    try (HangingInPod hanging = new HangingInPod(inPod)) {
      browser.open("#/pod?pod=" + pod);
      browser.shows("Requests by route");
      browser.shows("GET /productpage");
      browser.shows("Not answered yet");
      browser.shows("GET warehouse" + HangingInPod.PATH);
      browser.shows(HangingInPod.ID);
    }
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  @Order(7)
  void aTaskShowsTheCallsInsideTls(@TempDir Path dir) throws Exception {
    List<String> inPod = List.of("ip", "netns", "exec", live.mesh().pod("reviews-v1").netns());
    try (HttpsInPod https = new HttpsInPod(inPod, dir)) {
      https.ask("/200/before");
      browser.open("#/profiling?pod=" + live.line("reviews-v1").getKey());
      browser.find("form select[name=pod] option[selected]");
      browser.click("form input[name=tls]");
      browser.click("form button");
      browser.shows("Inside TLS");
      browser.shows("Its TLS");
      Eventually.isTrue(LiveApi.SOON, () -> covered(https.pid()), () -> tls().encodePrettily());
      https.ask("/404/asked");
      browser.shows("GET 127.0.0.1:" + HttpsInPod.PORT + "/404/asked");
      String task = browser.address();
      browser.open("#/health");
      browser.shows("✓ read");
      browser.open(task.substring(task.indexOf('#')));
      browser.click("main section button.quiet");
    }
    assertEquals(List.of(), browser.complaints());
  }

  private boolean covered(long pid) {
    return tls().getJsonArray("processes").stream()
        .map(JsonObject.class::cast)
        .anyMatch(p -> p.getLong("tgid") == pid && p.getBoolean("covered"));
  }

  private JsonObject tls() {
    JsonObject health = new ApiClient(live.server().url()).get("/healthz");
    return health.getJsonObject("components").getJsonObject("agent").getJsonObject("tls");
  }

  @Test
  @Order(6)
  void healthTellsWhoSendsWhoWatchesAndWhatItTakes() {
    browser.open("#/health");
    browser.shows("Everything runs");
    browser.shows( // a request that one sidecar did not tell of is on the page for good
        "requests that the sockets of 7 sidecars served", "its access log did not tell of");
    browser.shows("This process watches its own node");
    browser.shows("✓ in this process");
    browser.shows("CPU now");
    assertEquals(7, browser.count(".senders li"), browser.text());
    assertEquals(List.of(), browser.complaints());
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

  @Test
  @Order(7)
  void everyViewFitsAnyScreenAndKeepsItsPolicy() throws Exception {
    Map.Entry<String, String> lines = live.line("reviews");
    String id =
        live.json("/api/v1/requests?path=/productpage&order=slowest&limit=1")
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
      browser.shows(LiveApi.EVIL_ID);
      assertEquals(0, browser.count("main s"), view);
    }
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  @Order(9)
  void thePageKnowsEveryLegByName() throws Exception {
    String words = live.get("/text.js").body();
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
    live.server().close();
    browser.shows("no answer");
    browser.complaints();
  }
}
