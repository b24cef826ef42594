package io.hoptoll.tests;

import io.hoptoll.agent.Payload;
import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A server that watches a mesh under load, and questions to it as any HTTP client asks them. */
record LiveApi(HoptollServer server, MiniMesh mesh, HttpClient http) implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(40);

  /** A request id is whatever a client sends. */
  static final String EVIL_ID = "<s>had";

  /** Returns when one path has been judged. */
  static LiveApi start(Path dir) throws Exception {
    String als = "unix:" + Here.opened(dir).resolve("als.sock");
    HoptollServer server =
        HoptollServer.start(
            Config.defaults()
                .with(Settings.STORE_DIR, "off")
                .with(Settings.PAYLOAD, Payload.HEADS)
                .with(Settings.ALS_LISTEN, List.of(als))
                .with(Settings.HTTP_PORT, 0));
    MiniMesh mesh = MiniMesh.start(MeshConfig.bookinfo(als));
    LiveApi api = new LiveApi(server, mesh, HttpClient.newHttpClient());
    mesh.load().start(new LoadPlan("productpage", "/evil", 2, 1, true, EVIL_ID));
    Eventually.isTrue(SOON, () -> api.has("paths", "paths", "/evil"), api::health);
    mesh.load().stop();
    mesh.load().start(LoadPlan.of("productpage", "/productpage", 30, 8));
    Eventually.isTrue(SOON, () -> api.has("verdicts", "current", "/productpage"), api::health);
    return api;
  }

  private boolean has(String resource, String list, String path) {
    return new ApiClient(server.url())
        .get("/api/v1/" + resource).getJsonArray(list).stream()
            .anyMatch(p -> path.equals(((JsonObject) p).getString("path")));
  }

  private String health() {
    ApiClient api = new ApiClient(server.url());
    return api.get("/api/v1/paths").encode() + api.get("/healthz").encode();
  }

  /** A pod of a workload, as namespace/name, and its busiest line. */
  Map.Entry<String, String> line(String workload) throws Exception {
    for (Object o : json("/api/v1/pods").getJsonArray("pods")) {
      JsonObject pod = (JsonObject) o;
      String name = pod.getString("namespace") + "/" + pod.getString("name");
      JsonObject topology = json("/api/v1/pods/" + name + "/topology");
      if (name.contains(workload) && !topology.getJsonArray("lines").isEmpty()) {
        return Map.entry(name, topology.getJsonArray("lines").getJsonObject(0).getString("id"));
      }
    }
    throw new AssertionError(
        "no pod of " + workload + " has a line: " + get("/api/v1/pods").body());
  }

  JsonObject json(String resource) throws Exception {
    return new JsonObject(get(resource).body());
  }

  HttpResponse<String> get(String resource) throws Exception {
    return http.send(request(resource).build(), BodyHandlers.ofString());
  }

  HttpRequest.Builder request(String resource) {
    return HttpRequest.newBuilder(URI.create(server.url() + resource)).timeout(SOON);
  }

  @Override
  public void close() {
    mesh.close();
    server.close();
  }
}
