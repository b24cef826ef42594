package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers and clients of the registries, alone in a network namespace: a line speaks what they do.
 * Those that are Debian packages are in the agent's own tests.
 */
@Tag("bpf")
@NullUnmarked // set before each test
class ServerProtocolsTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int PORT = 9_092;

  @TempDir private Path dir;

  private final String namespace = "hoptoll-servers-" + ProcessHandle.current().pid();
  private HoptollServer server;

  @BeforeEach
  void start() throws Exception {
    Here.canRunBpf();
    Programs.find("ip");
    run("ip", "netns", "add", namespace);
    run("ip", "-n", namespace, "link", "set", "lo", "up");
    server =
        HoptollServer.start(
            Config.defaults()
                .with(Settings.STORE_DIR, "off")
                .with(Settings.ALS_LISTEN, List.of("unix:" + dir.resolve("als.sock")))
                .with(Settings.HTTP_PORT, 0));
  }

  @AfterEach
  void stop() throws Exception {
    try {
      if (server != null) {
        server.close();
      }
    } finally {
      if (Files.exists(Path.of("/run/netns", namespace))) {
        run("ip", "netns", "del", namespace);
      }
    }
  }

  @Test
  void kafka() throws Exception {
    asked(KafkaAsked.class, "Kafka");
  }

  @Test
  void mongoDb() throws Exception {
    asked(MongoAsked.class, "MongoDB");
  }

  private void asked(Class<?> program, String protocol) throws Exception {
    Path said = dir.resolve("said");
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")); // less CPU to start
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(String.valueOf(PORT), dir.toString()));
    Process p =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    boolean ended = p.waitFor(3, TimeUnit.MINUTES);
    p.destroyForcibly().waitFor();
    String words = Files.readString(said);
    assertTrue(ended && p.exitValue() == 0 && words.lines().anyMatch("answered"::equals), words);
    Eventually.isTrue(SOON, () -> !lines().isEmpty(), () -> pods().toString());
    Eventually.isTrue(
        SOON,
        () -> lines().stream().allMatch(l -> l.getString("protocol").equals(protocol)),
        () -> lines().toString());
  }

  /** Lines to the server's port, but that of connects which came before it listened. */
  private List<JsonObject> lines() {
    ApiClient api = new ApiClient(server.url());
    return pods().stream()
        .map(p -> "/api/v1/pods/" + p.getString("namespace") + "/" + p.getString("name"))
        .flatMap(pod -> api.get(pod + "/topology").getJsonArray("lines").stream())
        .map(JsonObject.class::cast)
        .filter(l -> l.getJsonArray("serverPorts").contains(PORT))
        .filter(l -> exchanges(l, "clientSide") + exchanges(l, "serverSide") > 0)
        .toList();
  }

  /** 0 where that side has not been heard yet. */
  private static long exchanges(JsonObject line, String side) {
    JsonObject told = line.getJsonObject(side);
    return told == null ? 0 : told.getLong("exchanges");
  }

  private List<JsonObject> pods() {
    return new ApiClient(server.url())
        .get("/api/v1/pods").getJsonArray("pods").stream()
            .map(JsonObject.class::cast)
            .filter(p -> p.getLong("netns") == netns())
            .toList();
  }

  private long netns() {
    try {
      Path file = Path.of("/run/netns", namespace);
      return ((Number) Files.getAttribute(file, "unix:ino")).longValue();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
