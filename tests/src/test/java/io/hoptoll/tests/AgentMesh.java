package io.hoptoll.tests;

import io.hoptoll.app.HoptollAgent;
import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.app.cli.ApiClient.ApiException;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A minimesh, its node's agent, and a server that has no probes, in either mode. */
record AgentMesh(
    HoptollServer server, Relay relay, HoptollAgent agent, MiniMesh mesh, ApiClient api)
    implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(40);

  /** Who takes the sidecars' access logs. */
  enum Mode {
    SERVER,
    NODE
  }

  static AgentMesh start(Path dir, Mode mode, UnaryOperator<MeshConfig> shape) throws Exception {
    Here.opened(dir);
    String atServer = "unix:" + dir.resolve("server.sock");
    String atNode = "unix:" + dir.resolve("node.sock");
    HoptollServer server =
        HoptollServer.start(
            Config.defaults()
                .with(Settings.BPF, false)
                .with(Settings.AGENTS_LISTEN, "127.0.0.1:0")
                .with(Settings.STORE_DIR, "off")
                .with(Settings.ALS_LISTEN, List.of(atServer))
                .with(Settings.HTTP_PORT, 0));
    Relay relay = new Relay(server.agentsPort());
    boolean isNode = mode == Mode.NODE;
    HoptollAgent agent =
        HoptollAgent.start(
            Config.defaults()
                .with(Settings.NODE, "here")
                .with(Settings.AGENT_SERVER, relay.address())
                .with(Settings.AGENT_ALS_LISTEN, isNode ? List.of(atNode) : List.of()));
    MiniMesh mesh = MiniMesh.start(shape.apply(MeshConfig.bookinfo(isNode ? atNode : atServer)));
    AgentMesh all = new AgentMesh(server, relay, agent, mesh, new ApiClient(server.url()));
    all.soon(() -> agent.stats().connected());
    return all;
  }

  /** Sends until the path has so many more requests. */
  void serves(LoadPlan plan, String path, long requests) {
    long before = requests(path);
    mesh.load().start(plan);
    soon(() -> requests(path) >= before + requests);
    mesh.load().stop();
  }

  long requests(String path) {
    return api.get("/api/v1/paths").getJsonArray("paths").stream()
        .map(JsonObject.class::cast)
        .filter(p -> path.equals(p.getString("path")))
        .mapToLong(p -> p.getLong("requests"))
        .sum();
  }

  JsonObject correlator() {
    return components().getJsonObject("correlator");
  }

  long count(String event) {
    return correlator().getJsonObject("counts").getLong(event);
  }

  /** Of the messages that sidecars sent to the server so far, without gRPC's frames. */
  long accessLogBytes() {
    return components().getJsonObject("als").getLong("messageBytes");
  }

  private JsonObject components() {
    return api.get("/healthz").getJsonObject("components");
  }

  void soon(BooleanSupplier condition) {
    Eventually.isTrue(SOON, () -> holds(condition), () -> api.get("/healthz").encodePrettily());
  }

  private static boolean holds(BooleanSupplier condition) {
    try {
      return condition.getAsBoolean();
    } catch (ApiException e) {
      return false; // what is asked about is not known yet
    }
  }

  @Override
  public void close() {
    mesh.close();
    agent.close();
    relay.close();
    server.close();
  }
}
