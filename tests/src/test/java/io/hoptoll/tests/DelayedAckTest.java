package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.Topology;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Apps that write a message in two small pieces. Without TCP_NODELAY the second waits in the app's
 * socket until the sidecar's delayed ACK of the first: neither the app nor the sidecar is slow.
 */
@Tag("mesh")
@Tag("bpf")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // what @BeforeAll could not start here stays null, and the tests abort
class DelayedAckTest {
  private static final int REQUESTS = 24;
  private static final String CAUSE = "TRANSPORT_DELAYED_ACK";

  /** By path: the body apart, a head in two pieces, with TCP_NODELAY, a body that comes late. */
  private static final String SERVER =
      """
      import socket, threading, time
      def serve(c):
          f = c.makefile("rb")
          while line := f.readline():
              path = line.split()[1]
              length = 0
              while (h := f.readline()) not in (b"\\r\\n", b""):
                  if h.lower().startswith(b"content-length:"):
                      length = int(h.split(b":")[1])
              f.read(length)
              c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, path == b"/prompt")
              first, last = b"HTTP/1.1 200 OK\\r\\ncontent-length: 5\\r\\n\\r\\n", b"hello"
              if path == b"/head":
                  first, last = first[:20], first[20:] + last
              c.send(first)
              if path == b"/late":
                  time.sleep(0.08)
              c.send(last)
      s = socket.create_server(("", 9080))
      print("ready", flush=True)
      while True:
          threading.Thread(target=serve, args=s.accept()[:1], daemon=True).start()
      """;

  /** Posts head and body apart, over one connection. */
  private static final String CLIENT =
      """
      import socket
      c = socket.create_connection(("hop1", 9080))
      f = c.makefile("rb")
      for i in range(24):
          c.send(b"POST /upload HTTP/1.1\\r\\nhost: hop1:9080\\r\\nx-request-id: upload-%d\\r\\n"
                 b"content-length: 5\\r\\n\\r\\n" % i)
          c.send(b"hello")
          while f.readline() not in (b"\\r\\n", b""):
              pass
          f.read(5)
      print("ready", flush=True)
      """;

  private WatchedMesh watched;
  private Process server;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    if (!MachineAllows.all()) {
      return; // each test aborts with the reason
    }
    watched = WatchedMesh.start(dir, c -> MeshConfig.of(Topology.chain(1, 1), c.alsTarget()));
    watched.mesh().app("hop1-v1").close();
    server = watched.python("hop1-v1", SERVER);
    for (String path : List.of("/body", "/head", "/prompt", "/late")) {
      watched.load(LoadPlan.of("hop1", path, 20, 1), REQUESTS);
    }
    watched.python("client", CLIENT).waitFor();
  }

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.destroy();
    }
    if (watched != null) {
      watched.close();
    }
  }

  @Test
  void aBodyWrittenApartWaitsForTheAck() {
    saysWho("/body", "answers waited so, between the app of hop1-v1.default");
  }

  @Test
  void aHeadInTwoPiecesIsNoSlowFilterOfTheSidecar() {
    saysWho("/head", "answers waited so, between the app of hop1-v1.default");
  }

  @Test
  void aRequestsBodyWrittenApartWaitsForTheAck() {
    saysWho("/upload", "requests waited so, between the app of client.default");
    JsonObject hop = watched.request("upload-20");
    assertTrue(WatchedMesh.millis(hop, "transport.ack") > 0, hop::encodePrettily);
    assertEquals(0, WatchedMesh.millis(hop, "body.request.sender"), hop::encodePrettily);
  }

  @Test
  void withNoDelayNothingWaits() {
    assertFalse(watched.diagnosis("/prompt").contains(CAUSE), () -> watched.diagnosis("/prompt"));
  }

  @Test
  void aBodyThatIsWrittenLateIsItsSenders() {
    assertFalse(watched.diagnosis("/late").contains(CAUSE), () -> watched.diagnosis("/late"));
    assertTrue(
        watched.diagnosis("/late").contains("body.response.sender"),
        () -> watched.diagnosis("/late"));
  }

  private void saysWho(String path, String words) {
    watched.diagnosed(path, "TRANSPORT", CAUSE);
    String said = watched.diagnosis(path);
    assertTrue(said.contains(words), said);
    assertTrue(said.contains("2.00 writes a message"), said);
    assertTrue(said.contains("Set TCP_NODELAY"), said);
  }
}
