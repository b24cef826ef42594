package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Topology;
import io.hoptoll.minimesh.fault.Fault;
import io.hoptoll.minimesh.fault.Faults;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain TCP: no requests, codes or ids, yet each turn of a connection is split like a request. */
@Tag("mesh")
@Tag("bpf")
class TcpTest {
  private static final String PATH = "tcp:hop1:9090";

  /** Twelve seconds of them: a baseline to tell a fault by. */
  private static final int TURNS = 600;

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  /** Connections that stay, told of by periodic entries; one for each turn, told of at its end. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aHealthyConnectionIsHealthyAndFaultsAreNamed(boolean keepAlive, @TempDir Path dir)
      throws Exception {
    String als = "unix:" + Here.opened(dir).resolve("als.sock");
    Config config =
        Config.defaults()
            .with(Settings.STORE_DIR, "off")
            .with(Settings.ALS_LISTEN, List.of(als))
            .with(Settings.HTTP_PORT, 0);
    try (HoptollServer server = HoptollServer.start(config);
        MiniMesh mesh = MiniMesh.start(MeshConfig.of(Topology.chain(1, 1), als))) {
      ApiClient api = new ApiClient(server.url());
      mesh.load().start(LoadPlan.tcp("hop1", 50, 8, keepAlive));
      Eventually.isTrue(
          Duration.ofSeconds(40), () -> turns(api) >= TURNS, () -> api.get("/healthz").encode());
      JsonObject counts = correlator(api);
      assertTrue(counts.getDouble("joinedShare") >= 0.99, counts::encode);
      String query = "/api/v1/diagnosis?window=5s&path=" + PATH;
      Eventually.isTrue(
          Duration.ofSeconds(30),
          () -> "HEALTHY".equals(api.get(query).getString("status")),
          () -> api.get(query).encodePrettily());
      names(api, mesh, f -> f.slowApp("client", "hop1-v1", 60));
      names(api, mesh, f -> f.transportDelay("client", "hop1-v1", 20_000, true));
    }
  }

  private static void names(ApiClient api, MiniMesh mesh, Function<Faults, Fault> kind) {
    Fault fault = kind.apply(new Faults(mesh));
    Instant from = Instant.now().plusSeconds(1);
    fault.start();
    try {
      String query = "/api/v1/diagnosis?path=" + PATH + "&from=" + from;
      Eventually.isTrue(
          Duration.ofSeconds(20),
          () -> Instant.now().isAfter(from.plusSeconds(1)) && isNamed(api.get(query), fault),
          () -> fault.description() + " is not named: " + api.get(query).encodePrettily());
    } finally {
      fault.stop();
    }
  }

  private static boolean isNamed(JsonObject verdict, Fault fault) {
    return fault.party().name().equals(verdict.getString("party"))
        && fault.cause().name().equals(verdict.getString("cause"));
  }

  private static JsonObject correlator(ApiClient api) {
    return api.get("/healthz").getJsonObject("components").getJsonObject("correlator");
  }

  private static long turns(ApiClient api) {
    return api.get("/api/v1/paths").getJsonArray("paths").stream()
        .map(JsonObject.class::cast)
        .filter(p -> PATH.equals(p.getString("path")))
        .mapToLong(p -> p.getLong("requests"))
        .sum();
  }
}
