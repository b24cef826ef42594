package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Topology;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Calls to, from and by those who are not as the mesh expects. */
@Tag("mesh")
@Tag("bpf")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // what @BeforeAll could not start here stays null, and the tests abort
class StrangersTest {
  private WatchedMesh watched;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    if (MachineAllows.all()) {
      watched = WatchedMesh.start(dir, c -> MeshConfig.of(Topology.chain(2, 1), c.alsTarget()));
      say();
    }
  }

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @AfterAll
  void stop() {
    if (watched != null) {
      watched.close();
    }
  }

  private static final int OUTSIDE_PORT = 9080;
  private static final int SHARED_PORT = 23_456;

  /** Says yes to an upgrade, then returns what it gets. */
  private static final String SOCKET_SERVER =
      """
      import socket, threading
      def serve(c):
          head = b""
          while b"\\r\\n\\r\\n" not in head:
              head += c.recv(4096)
          c.sendall(b"HTTP/1.1 101 Switching Protocols\\r\\n"
                    b"connection: upgrade\\r\\nupgrade: websocket\\r\\n\\r\\n")
          while piece := c.recv(4096):
              c.sendall(piece)
      s = socket.create_server(("", 9080))
      print("ready", flush=True)
      while True:
          threading.Thread(target=serve, args=s.accept()[:1], daemon=True).start()
      """;

  private static final String OUTSIDE_SERVER =
      """
      import http.server
      s = http.server.HTTPServer(("", 9080), http.server.SimpleHTTPRequestHandler)
      print("ready", flush=True)
      s.serve_forever()
      """;

  private static final String OUTSIDE_CLIENT =
      """
      import http.client, sys
      c = http.client.HTTPConnection(sys.argv[1], 9080)
      c.request("GET", "/in", headers={"x-request-id": "in"})
      print("ready", c.getresponse().status, flush=True)
      """;

  private void say() throws Exception {
    String pod = watched.mesh().pod("hop2-v1").ip();
    assertEquals(200, talk("client", "hop2 9080", "first", ""));
    assertEquals(200, talk("client", pod + " 9080", "direct", ""));
    assertEquals(200, talk("hop2-v1", "hop2 9080", "self", ""));
    Process server = python(watched.mesh().bridgeNetns(), OUTSIDE_SERVER);
    int status = talk("client", MiniMesh.BRIDGE_IP + " " + OUTSIDE_PORT, "out", "");
    server.destroy();
    assertEquals(404, status);
    python(watched.mesh().bridgeNetns(), OUTSIDE_CLIENT, pod).waitFor();
    sayFromOnePort();
    sayLate();
    saySocket();
  }

  /** Two connections from one port: REDIRECT leads both to 15001, so one of them gets another. */
  private void sayFromOnePort() {
    String from = " from=" + SHARED_PORT;
    watched
        .mesh()
        .app("client")
        .send("talk hop1 9080" + from + head("nat-first") + " answer pause=800");
    talk("client", "hop2 9080" + from, "nat-2", "");
    watched.mesh().app("client").expect("talk");
  }

  /** The sidecar's entry is on its way when it is stopped for two seconds. */
  private void sayLate() throws InterruptedException {
    talk("client", "hop2 9080", "late", "");
    watched.mesh().sidecar("hop2-v1").signal("STOP");
    try {
      Thread.sleep(2_000);
    } finally {
      watched.mesh().sidecar("hop2-v1").signal("CONT");
    }
  }

  /** The app of the pod is another one now. */
  private void saySocket() throws Exception {
    watched.mesh().app("hop2-v1").close();
    Process server = python(watched.mesh().pod("hop2-v1").netns(), SOCKET_SERVER);
    String upgrade = ",connection:upgrade,upgrade:websocket";
    String words =
        "talk hop2 9080" + head("socket") + upgrade + " answer echo=99 pause=400 echo=99";
    assertEquals("talk 101", watched.mesh().app("client").ask(words, "talk"));
    server.destroy();
  }

  @Test
  void aCallByAddressPassesThroughInPlaintext() {
    JsonObject hop = joined("direct", "client.default → hop2-v1.default");
    assertNotNull(hop.getJsonObject("server").getJsonObject("servingApp"), hop::encodePrettily);
  }

  @Test
  void aPodThatCallsItselfHasSixEnds() {
    JsonObject hop = joined("self", "hop2-v1.default → hop2-v1.default");
    assertNull(hop.getJsonObject("client").getJsonObject("servingApp"), hop::encodePrettily);
    assertNull(hop.getJsonObject("server").getJsonObject("callingApp"), hop::encodePrettily);
    for (String end : new String[] {"downstream", "upstream"}) {
      assertNotNull(hop.getJsonObject("client").getJsonObject(end), hop::encodePrettily);
      assertNotNull(hop.getJsonObject("server").getJsonObject(end), hop::encodePrettily);
    }
    assertNotNull(hop.getJsonObject("client").getJsonObject("callingApp"), hop::encodePrettily);
    assertNotNull(hop.getJsonObject("server").getJsonObject("servingApp"), hop::encodePrettily);
  }

  @Test
  void aCallOutOfTheMeshIsHalfAHop() {
    JsonObject hop = watched.request("out");
    assertTrue(WatchedMesh.edge(hop).startsWith("client.default → "), hop::encodePrettily);
    assertNull(hop.getJsonObject("server"), hop::encodePrettily);
    assertNotNull(hop.getJsonObject("client").getJsonObject("upstream"), hop::encodePrettily);
  }

  @Test
  void aCallIntoTheMeshIsHalfAHop() {
    JsonObject hop = watched.request("in");
    assertEquals("outside → hop2-v1.default", WatchedMesh.edge(hop));
    assertNull(hop.getJsonObject("client"), hop::encodePrettily);
    assertNotNull(hop.getJsonObject("server").getJsonObject("servingApp"), hop::encodePrettily);
  }

  @Test
  void ofTwoConnectionsFromOnePortBothAreTheApps() {
    for (String id : new String[] {"nat-first", "nat-2"}) {
      JsonObject hop = watched.request(id);
      JsonObject app = hop.getJsonObject("client").getJsonObject("callingApp");
      assertNotNull(app, hop::encodePrettily);
      assertTrue(app.getString("socket").contains(":" + SHARED_PORT + ">"), hop::encodePrettily);
    }
    JsonObject counts = watched.correlator().getJsonObject("counts");
    assertEquals(0, counts.getLong("app_socket_nat_unknown"), counts::encode);
  }

  @Test
  void anEntryThatIsSecondsLateIsJoined() {
    joined("late", "client.default → hop2-v1.default");
  }

  @Test
  void anUpgradeEndsWithItsAnswer() {
    JsonObject hop = joined("socket", "client.default → hop2-v1.default");
    assertEquals(101, hop.getInteger("responseCode"));
    assertEquals(0, WatchedMesh.millis(hop, "body.response.sender"), hop::encodePrettily);
  }

  private JsonObject joined(String id, String edge) {
    JsonObject hop = watched.request(id);
    assertEquals(edge, WatchedMesh.edge(hop));
    assertNotNull(hop.getJsonObject("client"), hop::encodePrettily);
    assertNotNull(hop.getJsonObject("server"), hop::encodePrettily);
    return hop;
  }

  private int talk(String workload, String target, String id, String more) {
    return watched.talk(workload, target + head(id) + more + " answer");
  }

  private static String head(String id) {
    return " head=GET,/" + id + ",0," + id;
  }

  /** Runs a program in a namespace, until it says that it is ready. */
  private static Process python(String netns, String program, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    Collections.addAll(command, "ip", "netns", "exec", netns, "python3", "-c", program);
    Collections.addAll(command, args);
    Process p = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    String said = p.inputReader().readLine();
    assertTrue(said != null && said.startsWith("ready"), said);
    return p;
  }
}
