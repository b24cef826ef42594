package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.Topology;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An app that is slow because of what it calls beside the mesh: a store in its own pod. */
@Tag("mesh")
@Tag("bpf")
@Tag("envoy")
class DependencyTest {
  private static final int REQUESTS = 24;

  /** A store that takes 160 ms to answer, over connections that are kept. */
  private static final String STORE =
      """
      import socket, threading, time
      def serve(c):
          while c.recv(64):
              time.sleep(0.16)
              c.sendall(b"+value\\r\\n")
      s = socket.create_server(("127.0.0.1", 6379))
      print("ready", flush=True)
      while True:
          threading.Thread(target=serve, args=s.accept()[:1], daemon=True).start()
      """;

  /** Asks it for what is under /asking, and works as long itself for all else. */
  private static final String APP =
      """
      import http.server, socket, threading, time
      own = threading.local()
      class Handler(http.server.BaseHTTPRequestHandler):
          protocol_version = "HTTP/1.1"
          def do_GET(self):
              if self.path.startswith("/asking"):
                  if not hasattr(own, "store"):
                      own.store = socket.create_connection(("127.0.0.1", 6379))
                  own.store.sendall(b"GET x\\r\\n")
                  own.store.recv(64)
              else:
                  time.sleep(0.16)
              self.send_response(204)
              self.end_headers()
          def log_message(self, *words):
              pass
      s = http.server.ThreadingHTTPServer(("", 9080), Handler)
      print("ready", flush=True)
      s.serve_forever()
      """;

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @Test
  void theStoreIsNamedAndAnAppThatIsSlowItselfIsNot(@TempDir Path dir) throws Exception {
    try (WatchedMesh watched =
        WatchedMesh.start(dir, c -> MeshConfig.of(Topology.chain(1, 1), c.alsTarget()))) {
      watched.mesh().app("hop1-v1").close();
      Process store = watched.python("hop1-v1", STORE);
      Process app = watched.python("hop1-v1", APP);
      try {
        watched.load(LoadPlan.of("hop1", "/asking", 15, 4), REQUESTS);
        watched.load(LoadPlan.of("hop1", "/working", 15, 4), REQUESTS);
        watched.diagnosed("/asking", "SERVER_APP", "DEPENDENCY");
        String said = watched.diagnosis("/asking");
        assertTrue(said.contains("100 % for 127.0.0.1:6379"), said);
        assertTrue(said.contains("\"server.app.dependency\""), said);
        watched.diagnosed("/working", "SERVER_APP", "APP_SERVICE_TIME");
        assertFalse(watched.diagnosis("/working").contains("server.app.dependency"));
      } finally {
        app.destroy();
        store.destroy();
      }
    }
  }
}
