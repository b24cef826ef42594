package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.Child;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.Topology;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two app containers behind one sidecar, as Istio's pods may have: one serves HTTP/1.1, the other
 * gRPC. What is slow is told with the process that was, and what stops one is not the other's.
 */
@Tag("bpf")
@Tag("mesh")
@Tag("envoy")
class TwoContainersTest {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String HTTP = "/duo";
  private static final String GRPC = "/minimesh.Shop/Get";
  private static final int BASELINE = 150;

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @Test
  void eachIsBlamedForItsOwnRequests(@TempDir Path dir) throws Exception {
    try (WatchedMesh watched =
        WatchedMesh.start(
            dir, c -> MeshConfig.of(Topology.twoContainers(), c.alsTarget()).withHttp2())) {
      Child http = watched.mesh().app("duo-v1");
      Child grpc = watched.mesh().second("duo-v1");
      slowWhileTheOtherStands(watched, LoadPlan.of("duo", HTTP, 25, 4), http, grpc);
      slowWhileTheOtherStands(watched, LoadPlan.grpc("duo", false, 25, 4), grpc, http);
      double joined = watched.correlator().getDouble("joinedShare");
      assertTrue(joined >= 0.99, () -> watched.correlator().encode());
      behindOneSidecar(watched, http, grpc);
    }
  }

  private static void slowWhileTheOtherStands(
      WatchedMesh watched, LoadPlan plan, Child slow, Child other) {
    Instant begin = Instant.now().plusSeconds(1);
    watched.mesh().load().start(plan);
    Eventually.isTrue(
        SOON,
        () -> requests(watched, plan.path()) >= BASELINE,
        () -> watched.correlator().encodePrettily());
    String before = "&before=" + begin + "/" + Instant.now();
    Instant from = Instant.now().plusSeconds(1);
    slow.send("delay 40");
    other.signal("STOP");
    try {
      String query = "/api/v1/diagnosis?path=" + plan.path() + before + "&after=" + from + "/";
      Eventually.isTrue(
          SOON,
          () ->
              Instant.now().isAfter(from.plusSeconds(2))
                  && isNamed(watched, query + Instant.now(), slow),
          () ->
              slow.pid()
                  + " is not named: "
                  + watched.api().get(query + Instant.now()).encodePrettily());
    } finally {
      other.signal("CONT");
      slow.send("delay 0");
      watched.mesh().load().stop();
    }
  }

  private static boolean isNamed(WatchedMesh watched, String query, Child slow) {
    JsonObject verdict = watched.api().get(query);
    if (!"APP_SERVICE_TIME".equals(verdict.getString("cause"))) {
      return false;
    }
    JsonArray evidence = verdict.getJsonArray("findings").getJsonObject(0).getJsonArray("evidence");
    String process = "pid " + slow.pid();
    return evidence.stream().anyMatch(e -> (e + " ").contains(process + " "));
  }

  /** The topology has a line from the sidecar to each of them. */
  private static void behindOneSidecar(WatchedMesh watched, Child http, Child grpc) {
    String sidecar = "p" + watched.mesh().sidecar("duo-v1").pid();
    Set<String> wanted =
        Set.of(sidecar + "-p" + http.pid() + " HTTP", sidecar + "-p" + grpc.pid() + " gRPC");
    Eventually.isTrue(
        SOON,
        () -> lines(watched).containsAll(wanted),
        () -> wanted + " are not among " + lines(watched));
  }

  private static Set<String> lines(WatchedMesh watched) {
    String ip = watched.mesh().pod("duo-v1").ip();
    for (Object o : watched.api().get("/api/v1/pods").getJsonArray("pods")) {
      JsonObject pod = (JsonObject) o;
      if (pod.getJsonArray("addresses").contains(ip)) {
        String name = pod.getString("namespace") + "/" + pod.getString("name");
        return watched
            .api()
            .get("/api/v1/pods/" + name + "/topology")
            .getJsonArray("lines")
            .stream()
            .map(JsonObject.class::cast)
            .map(l -> l.getString("id") + " " + l.getString("protocol"))
            .collect(Collectors.toSet());
      }
    }
    return Set.of();
  }

  private static long requests(WatchedMesh watched, String path) {
    return watched.api().get("/api/v1/paths").getJsonArray("paths").stream()
        .map(JsonObject.class::cast)
        .filter(p -> path.equals(p.getString("path")))
        .mapToLong(p -> p.getLong("requests"))
        .sum();
  }
}
