package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.app.cli.ApiClient.ApiException;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.minimesh.LoadGenerator;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A minimesh and the Hoptoll that watches it; asked over HTTP as a user would. One process does
 * all, or with {@code -Dhoptoll.tests.mode=node} an agent in node mode and a server.
 *
 * @param whole ends all of it
 */
record WatchedMesh(HoptollServer server, MiniMesh mesh, ApiClient api, Runnable whole)
    implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(25);
  private static final Duration ANSWERED = Duration.ofSeconds(20);

  static WatchedMesh start(Path dir, UnaryOperator<MeshConfig> shape) throws Exception {
    if ("node".equals(System.getProperty("hoptoll.tests.mode"))) {
      AgentMesh all = AgentMesh.start(dir, AgentMesh.Mode.NODE, shape);
      return new WatchedMesh(all.server(), all.mesh(), all.api(), all::close);
    }
    Here.opened(dir);
    String als = "unix:" + dir.resolve("als.sock");
    HoptollServer server =
        HoptollServer.start(
            Config.defaults()
                .with(Settings.STORE_DIR, "off")
                .with(Settings.ALS_LISTEN, List.of(als))
                .with(Settings.HTTP_PORT, 0));
    try {
      MiniMesh mesh = MiniMesh.start(shape.apply(MeshConfig.bookinfo(als)));
      Runnable whole =
          () -> {
            mesh.close();
            server.close();
          };
      return new WatchedMesh(server, mesh, new ApiClient(server.url()), whole);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  @Override
  public void close() {
    whole.run();
  }

  /** Sends load until so many requests were answered. */
  void load(LoadPlan plan, long requests) {
    LoadGenerator load = mesh.load();
    load.reset();
    load.start(plan);
    try {
      Eventually.isTrue(
          ANSWERED, () -> load.stats().requests() >= requests, () -> plan + ": " + load.stats());
    } finally {
      load.stop();
    }
  }

  /** Runs a program in a pod, until it says that it is ready. */
  Process python(String workload, String program) throws IOException {
    Process p =
        new ProcessBuilder(
                "ip", "netns", "exec", mesh.pod(workload).netns(), "python3", "-c", program)
            .redirectError(Redirect.INHERIT)
            .start();
    assertEquals("ready", p.inputReader().readLine());
    return p;
  }

  /** The whole verdict on a path's last minute. */
  String diagnosis(String path) {
    return api.get("/api/v1/diagnosis?window=60s&path=" + path).encodePrettily();
  }

  /** {@code NAMESPACE/NAME} of the pod with this address, as Hoptoll has it. */
  String podOf(String ip) {
    return api.get("/api/v1/pods").getJsonArray("pods").stream()
        .map(JsonObject.class::cast)
        .filter(p -> p.getJsonArray("addresses").contains(ip))
        .map(p -> p.getString("namespace") + "/" + p.getString("name"))
        .findFirst()
        .orElseThrow();
  }

  /** Gives a pod's app a command, and waits until it has taken it. */
  void tell(String workload, String command) {
    mesh.app(workload).send(command);
    mesh.app(workload).ask("truth", "truth"); // commands are taken in order
  }

  /** Holds a conversation from a pod's app; the status of its last answer. */
  int talk(String workload, String words) {
    String[] said = mesh.app(workload).ask("talk " + words, "talk").split(" ");
    return Integer.parseInt(said[1]);
  }

  /** The one tree of this request id, once it is assembled; every ledger of it balances. */
  JsonObject request(String id) {
    Eventually.isTrue(
        SOON, () -> found(id) != null, () -> id + " is not seen: " + correlator().encode());
    JsonArray trees = api.get("/api/v1/requests/" + id).getJsonArray("requests");
    assertEquals(1, trees.size(), trees::encodePrettily);
    balances(trees.getJsonObject(0));
    return trees.getJsonObject(0);
  }

  private @Nullable JsonObject found(String id) {
    try {
      return api.get("/api/v1/requests/" + id);
    } catch (ApiException e) {
      return null;
    }
  }

  private static void balances(JsonObject hop) {
    long at = 0;
    for (Object o : hop.getJsonArray("legs")) {
      JsonObject leg = (JsonObject) o;
      assertEquals(at, leg.getLong("startNanos"), hop::encodePrettily);
      assertTrue(leg.getLong("nanos") > 0, hop::encodePrettily);
      at += leg.getLong("nanos");
    }
    assertEquals(hop.getLong("totalNanos"), at, hop::encodePrettily);
    hop.getJsonArray("hops").forEach(child -> balances((JsonObject) child));
  }

  /** Milliseconds of all legs with exactly this name. */
  static long millis(JsonObject hop, String leg) {
    return hop.getJsonArray("legs").stream()
            .map(JsonObject.class::cast)
            .filter(l -> leg.equals(l.getString("leg")))
            .mapToLong(l -> l.getLong("nanos"))
            .sum()
        / 1_000_000;
  }

  static String edge(JsonObject hop) {
    JsonObject edge = hop.getJsonObject("edge");
    return edge.getString("client") + " → " + edge.getString("server");
  }

  /** Waits until the path's first finding is this one. */
  void diagnosed(String path, String party, String cause) {
    String query = "/api/v1/diagnosis?window=60s&path=" + path;
    Eventually.isTrue(
        SOON,
        () -> isFirst(query, party, cause),
        () -> party + " " + cause + " is not said: " + api.get(query).encodePrettily());
  }

  private boolean isFirst(String query, String party, String cause) {
    try {
      JsonObject verdict = api.get(query);
      return party.equals(verdict.getString("party")) && cause.equals(verdict.getString("cause"));
    } catch (ApiException e) {
      return false;
    }
  }

  JsonObject correlator() {
    return api.get("/healthz").getJsonObject("components").getJsonObject("correlator");
  }

  /** What is said of a path's last ten seconds; while nothing is, the error in words. */
  JsonObject verdict(String path) {
    try {
      return api.get("/api/v1/diagnosis?window=10s&path=" + path);
    } catch (ApiException e) {
      return new JsonObject().put("error", e.getMessage());
    }
  }
}
