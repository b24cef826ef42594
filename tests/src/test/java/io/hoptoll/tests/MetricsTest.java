package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Topology;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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

/** /metrics of a live server, judged by Prometheus' own tools. */
@Tag("mesh")
@Tag("bpf")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // what @BeforeAll could not start here stays null, and the tests abort
class MetricsTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final Path SAMPLES = Path.of("../istio-samples/observability");

  private static final String ONLY_WHEN_DEGRADED = "hoptoll_verdict_excess_seconds";

  private final HttpClient http = HttpClient.newHttpClient();
  private HoptollServer server;
  private MiniMesh mesh;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    if (!MachineAllows.all()) {
      return; // each test aborts with the reason
    }
    String als = "unix:" + Here.opened(dir).resolve("als.sock");
    server =
        HoptollServer.start(
            Config.defaults()
                .with(Settings.STORE_DIR, "off")
                .with(Settings.ALS_LISTEN, List.of(als))
                .with(Settings.WATCH_EVERY, Duration.ofSeconds(1))
                .with(Settings.HTTP_PORT, 0));
    mesh = MiniMesh.start(MeshConfig.of(Topology.chain(2, 1), als));
    mesh.load().start(LoadPlan.of("hop1", "/chain", 20, 4));
    Eventually.isTrue(
        SOON, () -> metrics("").contains("hoptoll_path_tail_ratio{"), () -> metrics(""));
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

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @Test
  void promtoolFindsNothingToSay() throws Exception {
    Path promtool = Programs.find("promtool");
    var said = Programs.run(metrics(""), List.of(promtool.toString(), "check", "metrics"));
    assertEquals(0, said.status(), said.output());
    assertEquals("", said.output());
  }

  @Test
  void everyLegOfEveryEdgeIsAHistogramAndPartiesSumToTheTotal() {
    String metrics = metrics("");
    for (String leg :
        List.of(
            "client.sidecar.request",
            "transport.request",
            "server.sidecar.request",
            "server.app.service",
            "transport.response")) {
      assertTrue(
          metrics.contains(
              "hoptoll_leg_seconds_bucket{client=\"hop1-v1.default\",leg=\"" + leg + "\""),
          () -> leg + "\n" + metrics);
    }
    // A scrape is no snapshot: a request that ends meanwhile is in one sum only.
    Eventually.isTrue(SOON, this::partiesSumToTheTotal, () -> metrics(""));
  }

  private boolean partiesSumToTheTotal() {
    Map<String, Double> sums = new TreeMap<>();
    metrics("")
        .lines()
        .filter(l -> l.contains("path=\"/chain\""))
        .forEach(
            l ->
                sums.merge(
                    l.substring(0, l.indexOf('{')),
                    Double.parseDouble(l.substring(l.lastIndexOf(' '))),
                    Double::sum));
    double total = sums.getOrDefault("hoptoll_request_seconds_sum", 0.0);
    double parties = sums.getOrDefault("hoptoll_request_party_seconds_total", 0.0);
    return total > 0 && Math.abs(total - parties) < total * 1e-6;
  }

  @Test
  void everyMetricOfDashboardAndRulesIsThere() throws IOException {
    String metrics = metrics("");
    for (String file : List.of("grafana-dashboard.json", "prometheus-rules.yaml")) {
      String text = Files.readString(SAMPLES.resolve(file));
      // A metric begins with the name; a recording rule has a colon before it.
      Matcher name = Pattern.compile("(?<![:\\w])hoptoll_\\w+").matcher(text);
      while (name.find()) {
        boolean there = metrics.contains(name.group());
        assertTrue(there || ONLY_WHEN_DEGRADED.equals(name.group()), name.group());
      }
    }
  }

  @Test
  void placesWhereProbesMayFailAreThereBeforeOneDoes() {
    assertTrue(metrics("").contains("hoptoll_agent_failures_total{place=\"storage\"} 0"));
  }

  @Test
  void promtoolAcceptsTheRulesAndTheirTest() throws Exception {
    String promtool = Programs.find("promtool").toString();
    for (List<String> check :
        List.of(
            List.of("check", "rules", "prometheus-rules.yaml"),
            List.of("test", "rules", "prometheus-rules-test.yaml"))) {
      var said =
          Programs.run(
              "",
              List.of(
                  promtool, check.get(0), check.get(1), SAMPLES.resolve(check.get(2)).toString()));
      assertEquals(0, said.status(), said.output());
    }
  }

  @Test
  void countersCountOnAfterACollection() {
    System.gc();
    String entries = "hoptoll_als_entries_total{kind=\"end\"} 0.0";
    assertFalse(metrics("").contains(entries), entries);
  }

  @Test
  void openMetricsIsAnsweredWhereAskedFor() {
    assertTrue(metrics("application/openmetrics-text").endsWith("# EOF\n"));
  }

  @Test
  void aRealPrometheusScrapesAndAnswers(@TempDir Path dir) throws Exception {
    try (Prometheus prometheus = new Prometheus(dir, server.url())) {
      String share =
          "sum(rate(hoptoll_request_party_seconds_total{path=\"/chain\"}[10s]))"
              + " / sum(rate(hoptoll_request_seconds_sum{path=\"/chain\"}[10s]))";
      Eventually.isTrue(
          SOON,
          () -> String.format(Locale.ROOT, "%.3f", prometheus.value(share)).equals("1.000"),
          () -> prometheus.value("up") + " " + prometheus.value(share));
      assertEquals(1, prometheus.value("up"));
    }
  }

  /** With an app that is slow whatever was before, so that there is a verdict to show. */
  @Test
  void everyPanelOfTheDashboardShowsNumbers(@TempDir Path dir) throws Exception {
    Dashboard dashboard = new Dashboard(SAMPLES.resolve("grafana-dashboard.json"));
    assertTrue(dashboard.targets().size() > 20, () -> "" + dashboard.targets());
    try (Prometheus prometheus = new Prometheus(dir, server.url())) {
      mesh.app("hop2-v1").send("delay 300");
      for (Dashboard.Target t : dashboard.targets()) {
        Eventually.isTrue(
            SOON.multipliedBy(3),
            () -> showsNumbers(prometheus, dashboard, t),
            () -> t + " with " + dashboard.variables(prometheus) + " shows nothing");
      }
    } finally {
      mesh.app("hop2-v1").send("delay 0");
    }
  }

  private static boolean showsNumbers(
      Prometheus prometheus, Dashboard dashboard, Dashboard.Target target) {
    String promql = Dashboard.with(dashboard.variables(prometheus), target.promql());
    return prometheus.values(promql).stream().anyMatch(Double::isFinite);
  }

  private String metrics(String accept) {
    try {
      return get(server.url() + "/metrics", accept);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private String get(String url, String accept) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).header("accept", accept).build();
    try {
      return http.send(request, BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
