package io.hoptoll.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An HTTPS server of Python's in a pod, and curl there to ask it: {@code /STATUS/...}. */
final class HttpsInPod implements AutoCloseable {
  static final int PORT = 8443;

  private static final String SERVER =
      """
      import http.server, ssl, sys
      class Handler(http.server.BaseHTTPRequestHandler):
          def do_GET(self):
              self.send_response(int(self.path.split('/')[1]))
              self.send_header('Content-Length', '0')
              self.end_headers()
      server = http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Handler)
      context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
      context.load_cert_chain(sys.argv[2])
      server.socket = context.wrap_socket(server.socket, server_side=True)
      server.serve_forever()
      """;

  private final List<String> inPod;
  private final Process server;

  /** Aborts the test where python3 or curl are missing. */
  HttpsInPod(List<String> inPod, Path dir) throws Exception {
    this.inPod = inPod;
    String identity = identity(dir).toString();
    Programs.find("curl");
    Path log = dir.resolve("https.log");
    server =
        new ProcessBuilder(
                inPod(Programs.find("python3").toString(), "-c", SERVER, "" + PORT, identity))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    for (int i = 0; i < 200 && !listens(); i++) {
      if (!server.isAlive()) {
        throw new IOException(Files.readString(log));
      }
      Thread.sleep(50);
    }
  }

  /** Key and certificate of localhost, signed by itself. */
  private static Path identity(Path dir) throws Exception {
    String password = "changeit";
    Path store = dir.resolve("identity.p12");
    run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "localhost",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-storepass",
            password,
            "-keystore",
            store.toString()));
    KeyStore keys = KeyStore.getInstance(store.toFile(), password.toCharArray());
    byte[] key = keys.getKey("localhost", password.toCharArray()).getEncoded();
    byte[] certificate = keys.getCertificate("localhost").getEncoded();
    return Files.writeString(
        dir.resolve("identity.pem"), pem("PRIVATE KEY", key) + pem("CERTIFICATE", certificate));
  }

  private static String pem(String what, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
  }

  private boolean listens() throws Exception {
    return run(inPod("ss", "-Hltn", "sport", "=", ":" + PORT)).contains(":" + PORT);
  }

  long pid() {
    return server.pid();
  }

  /** By HTTP/1.1, on a connection of its own. */
  void ask(String path) throws Exception {
    run(inPod("curl", "-sk", "--http1.1", "https://127.0.0.1:" + PORT + path));
  }

  private List<String> inPod(String... command) {
    List<String> all = new ArrayList<>(inPod);
    all.addAll(List.of(command));
    return all;
  }

  private static String run(List<String> command) throws Exception {
    Programs.Result result = Programs.run("", command);
    if (result.status() != 0) {
      throw new IOException(command + ": " + result.output());
    }
    return result.output();
  }

  @Override
  public void close() throws InterruptedException {
    server.destroy();
    if (!server.waitFor(10, TimeUnit.SECONDS)) {
      server.destroyForcibly().waitFor();
    }
  }
}
