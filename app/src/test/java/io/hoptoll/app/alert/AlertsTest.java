package io.hoptoll.app.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.watch.PathState;
import io.hoptoll.correlator.Against;
import io.hoptoll.correlator.Edge;
import io.hoptoll.correlator.Summary;
import io.hoptoll.correlator.Traffic.TailPart;
import io.hoptoll.correlator.Verdict;
import io.hoptoll.model.LegKind;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AlertsTest {
  private final AlertRules rules = new AlertRules(Config.defaults());

  @Test
  void beginsInTheSecondRoundOverTheThresholdAndEndsInTheFirstBelow() {
    assertEquals(List.of(), rules.round(List.of(state(100, 0.9))));
    List<Alert> begun = rules.round(List.of(state(100, 0.9)));
    assertEquals(1, begun.size());
    assertTrue(begun.get(0).firing());
    assertEquals(Split.SIDECARS, begun.get(0).split());
    assertEquals(List.of(), rules.round(List.of(state(100, 0.9))));
    List<Alert> ended = rules.round(List.of(state(100, 0.1)));
    assertEquals(1, ended.size());
    assertTrue(!ended.get(0).firing());
  }

  @Test
  void aHandfulOfRequestsIsNoAlert() {
    rules.round(List.of(state(3, 0.9)));
    assertEquals(List.of(), rules.round(List.of(state(3, 0.9))));
  }

  @Test
  void messageCarriesVerdictAndLink() {
    rules.round(List.of(state(100, 0.9)));
    var json = rules.round(List.of(state(100, 0.9))).get(0).toJson("http://h:1");
    assertEquals("firing", json.getString("status"));
    assertEquals("sidecars", json.getString("split"));
    assertEquals(0.9, json.getDouble("share"), 1e-9);
    assertEquals(
        "http://h:1/#/path?path=%2Fslow&from=1970-01-01T00:01:00Z&to=1970-01-01T00:02:00Z",
        json.getString("link"));
  }

  @Test
  void whatStandsIsListedUntilItEnds() {
    try (Alerts alerts = new Alerts(Config.defaults())) {
      alerts.paths(List.of(state(100, 0.9)));
      assertEquals(0, alerts.toJson().getJsonArray("firing").size());
      alerts.paths(List.of(state(100, 0.9)));
      assertEquals(
          "sidecars", alerts.toJson().getJsonArray("firing").getJsonObject(0).getString("split"));
      alerts.paths(List.of(state(100, 0.1)));
      assertEquals(0, alerts.toJson().getJsonArray("firing").size());
      assertEquals(2, alerts.toJson().getJsonArray("changes").size());
      assertEquals(
          "resolved", alerts.toJson().getJsonArray("changes").getJsonObject(0).getString("status"));
    }
  }

  @Test
  void aFailedCallIsTriedAgainUntilItIsTaken() throws Exception {
    BlockingQueue<String> taken = new LinkedBlockingQueue<>();
    AtomicInteger calls = new AtomicInteger();
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          boolean ok = calls.incrementAndGet() > 2;
          exchange.sendResponseHeaders(ok ? 204 : 503, -1);
          exchange.close();
          if (ok) {
            taken.add(body);
          }
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    try (Webhook webhook = new Webhook(url, Duration.ofMillis(10))) {
      webhook.send("{\"a\":1}");
      assertEquals("{\"a\":1}", taken.poll(30, TimeUnit.SECONDS));
      assertEquals(2, webhook.retried.sum());
    } finally {
      server.stop(0);
    }
  }

  @Test
  void afterItsTriesAMessageIsGivenUpAndAFullQueueDrops() throws Exception {
    // Nothing listens on port 1.
    try (Webhook webhook = new Webhook("http://127.0.0.1:1/", Duration.ofMillis(1))) {
      webhook.send("{}");
      while (webhook.failed.sum() == 0) {
        Thread.onSpinWait();
      }
      assertEquals(Webhook.TRIES - 1, webhook.retried.sum());
    }
    try (Webhook webhook = new Webhook("http://127.0.0.1:1/", Duration.ofMinutes(1))) {
      for (int i = 0; i < Webhook.QUEUE + 2; i++) {
        webhook.send("{}");
      }
      assertTrue(webhook.dropped.sum() >= 1);
    }
  }

  private static PathState state(long requests, double sidecarShare) {
    Edge edge = new Edge("a", "b");
    Summary summary =
        new Summary(
            60,
            120,
            requests,
            0,
            100,
            100,
            100,
            100,
            List.of(
                new Summary.MeanLeg(edge, LegKind.CLIENT_SIDECAR_REQUEST.bit(), 100 * sidecarShare),
                new Summary.MeanLeg(
                    edge, LegKind.SERVER_APP_SELF.bit(), 100 * (1 - sidecarShare))));
    Verdict verdict =
        new Verdict(
            "/slow",
            60_000_000_000L,
            120_000_000_000L,
            requests,
            Verdict.Status.HEALTHY,
            "healthy",
            List.of(),
            List.of(),
            new Verdict.Totals(1, 1, 1, 1, 1, 1, 1),
            Against.past(0, 1),
            null,
            new Verdict.Confidence(1, 1, List.of()));
    return new PathState(verdict, List.of(new TailPart(0.99, 1, summary)));
  }
}
