package io.hoptoll.tests;

import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.Topology;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apps that do not treat connections as a well-behaved HTTP/1.1 server does. */
@Tag("mesh")
@Tag("bpf")
@Tag("envoy")
class AwkwardServersTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String PATH = "/awkward";

  /**
   * It takes lines such as {@code delay 0.2}: seconds of each answer; {@code reset 0.1}: share of
   * the connections that it resets once it has them; {@code accept 0}: it takes no more, and its
   * listen queue has room for two; {@code rest 1}: it takes no more, and there is room. BYE is what
   * follows {@code HTTP/1.} in its answers; all close their connection.
   */
  private static final String SERVER =
      """
      import random, socket, struct, sys, threading, time
      state = {"delay": 0.01, "reset": 0, "accept": 1, "rest": 0}
      def serve(c):
          with c:
              if random.random() < state["reset"]:
                  c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                  return
              head = b""
              while b"\\r\\n\\r\\n" not in head:
                  piece = c.recv(4096)
                  if not piece:
                      return
                  head += piece
              time.sleep(state["delay"])
              c.sendall(b"HTTP/1.BYE\\r\\n\\r\\nok")
      def accept(s):
          while True:
              while state["rest"] or not state["accept"]:
                  time.sleep(0.05)
              threading.Thread(target=serve, args=s.accept()[:1], daemon=True).start()
      s = socket.create_server(("", 9080), backlog=128)
      threading.Thread(target=accept, args=(s,), daemon=True).start()
      print("ready", flush=True)
      for line in sys.stdin:
          name, value = line.split()
          state[name] = float(value)
          s.listen(128 if state["accept"] else 1)
      """;

  private static final String CLOSES = "1 200 OK\\r\\ncontent-length: 2\\r\\nconnection: close";
  private static final String OLD = "0 200 OK\\r\\ncontent-length: 2";

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  /** Of little traffic each request fills its listen queue more; no log tells for ten seconds. */
  @Test
  void oneThatDoesNotAcceptIsNamedWhileRequestsHang(@TempDir Path dir) throws Exception {
    isNamed(dir, CLOSES, 6, "accept 0", "APP_ACCEPT_QUEUE_FULL", "without an answer");
  }

  /** No SYN is lost, and nobody holds the other end of the sidecar's connections. */
  @Test
  void oneThatDoesNotAcceptThoughThereIsRoom(@TempDir Path dir) throws Exception {
    isNamed(dir, CLOSES, 6, "rest 1", "APP_PICKUP_DELAY", "without an answer");
  }

  @Test
  void oneThatResetsSomeConnections(@TempDir Path dir) throws Exception {
    isNamed(dir, CLOSES, 60, "reset 0.15", "APP_RESET", "of the requests hit");
  }

  @Test
  void oneOfHttp10ThatIsSlow(@TempDir Path dir) throws Exception {
    isNamed(dir, OLD, 40, "delay 0.2", "APP_SERVICE_TIME", "in the slower");
  }

  private static void isNamed(
      Path dir, String answer, double rate, String command, String cause, String headline)
      throws Exception {
    try (WatchedMesh watched =
        WatchedMesh.start(dir, c -> MeshConfig.of(Topology.chain(1, 1), c.alsTarget()))) {
      watched.mesh().app("hop1-v1").close();
      Process server = watched.python("hop1-v1", SERVER.replace("BYE", answer));
      watched.mesh().load().start(LoadPlan.of("hop1", PATH, rate, 32));
      Eventually.isTrue(
          SOON, () -> isWell(watched.verdict(PATH)), () -> "not well: " + watched.verdict(PATH));
      tell(server, command);
      Eventually.isTrue(
          Duration.ofSeconds(25),
          () -> says(watched.verdict(PATH), cause, headline),
          () -> "not said: " + watched.verdict(PATH).encodePrettily());
      server.destroy();
    }
  }

  private static void tell(Process server, String command) throws IOException {
    Writer in = server.outputWriter();
    in.write(command + "\n");
    in.flush();
  }

  private static boolean says(JsonObject verdict, String cause, String headline) {
    return "SERVER_APP".equals(verdict.getString("party"))
        && cause.equals(verdict.getString("cause"))
        && verdict.getString("headline").contains(headline);
  }

  private static boolean isWell(JsonObject verdict) {
    return "HEALTHY".equals(verdict.getString("status"))
        && verdict.getJsonObject("totals", new JsonObject()).getLong("baselineRequests", 0L) > 50;
  }
}
