package io.hoptoll.agent;

import static io.hoptoll.agent.Daemon.AS_NOBODY;
import static io.hoptoll.agent.Daemon.command;
import static io.hoptoll.agent.Daemon.program;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.SocketProtocol;
import io.hoptoll.model.WireProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real servers and clients of Debian and the JDK: each end's first bytes tell the protocol. */
@Tag("bpf")
class ProtocolLiveTest {
  @TempDir private Path dir;

  private final Recorder recorder = new Recorder();
  private SocketAgent agent;

  @BeforeEach
  void start() throws Exception {
    Readiness readiness = SocketAgent.check(TestHooks.WANTED);
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxrwx"));
    agent = SocketAgent.start(TestHooks.config(), recorder);
  }

  @AfterEach
  void stop() {
    if (agent != null) {
      agent.close();
    }
  }

  @Test
  void postgreSql() throws Exception {
    String data = dir.resolve("data").toString();
    String port = String.valueOf(Daemon.freePort());
    Daemon.run(log(), command(AS_NOBODY, program("initdb"), "-D", data, "-A", "trust", "-U", "a"));
    List<String> server =
        command(AS_NOBODY, program("postgres"), "-D", data, "-p", port, "-k", dir.toString());
    try (Daemon postgres = Daemon.start(log(), Integer.parseInt(port), server)) {
      String database = "host=127.0.0.1 user=a dbname=postgres port=" + port;
      Daemon.run(log(), List.of(program("psql"), database, "-c", "select 1"));
      bothEndsSay(WireProtocol.POSTGRESQL, postgres.port());
    }
  }

  @Test
  void mySql() throws Exception {
    String data = "--datadir=" + dir.resolve("data");
    String port = String.valueOf(Daemon.freePort());
    Daemon.run(
        log(),
        List.of(
            program("mariadb-install-db"),
            "--no-defaults",
            data,
            "--user=nobody",
            "--auth-root-authentication-method=normal",
            "--skip-test-db"));
    List<String> server =
        List.of(
            program("mariadbd"),
            "--no-defaults",
            data,
            "--user=nobody",
            "--bind-address=127.0.0.1",
            "--port=" + port,
            "--socket=" + dir.resolve("s"));
    try (Daemon mariadb = Daemon.start(log(), Integer.parseInt(port), server)) {
      Daemon.run(
          log(),
          List.of(
              program("mariadb"),
              "--no-defaults",
              "--user=root",
              "--host=127.0.0.1",
              "--port=" + port,
              "--execute=select 1"));
      bothEndsSay(WireProtocol.MYSQL, mariadb.port());
    }
  }

  @Test
  void redis() throws Exception {
    String port = String.valueOf(Daemon.freePort());
    List<String> server =
        List.of(
            program("redis-server"),
            "--port",
            port,
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            dir.toString());
    try (Daemon redis = Daemon.start(log(), Integer.parseInt(port), server)) {
      Daemon.run(log(), List.of(program("redis-cli"), "-p", port, "ping"));
      bothEndsSay(WireProtocol.REDIS, redis.port());
    }
  }

  @Test
  void dnsOverTcp() throws Exception {
    String port = String.valueOf(Daemon.freePort());
    List<String> server =
        List.of(
            program("dnsmasq"),
            "--no-daemon",
            "--conf-file=/dev/null",
            "--no-resolv",
            "--no-hosts",
            "--bind-interfaces",
            "--listen-address=127.0.0.1",
            "--port=" + port,
            "--address=/shop.example/192.0.2.1");
    try (Daemon dnsmasq = Daemon.start(log(), Integer.parseInt(port), server)) {
      Path said = dir.resolve("said");
      Daemon.run(
          said,
          List.of(program("dig"), "+tcp", "+short", "-p", port, "@127.0.0.1", "shop.example"));
      assertEquals("192.0.2.1", Files.readString(said).strip());
      bothEndsSay(WireProtocol.DNS, dnsmasq.port());
    }
  }

  @Test
  void http() throws Exception {
    HttpServer server = serving(HttpServer.create(loopback(), 0));
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    assertEquals(200, get(client, "http://127.0.0.1:" + server.getAddress().getPort()));
    bothEndsSay(WireProtocol.HTTP1, server.getAddress().getPort());
    server.stop(0);
  }

  @Test
  void httpsWithItsServerName() throws Exception {
    SSLContext tls = TestCertificate.make(dir).context();
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    serving(server);
    int port = server.getAddress().getPort();
    Daemon.run(
        log(),
        List.of(
            program("curl"),
            "-sk",
            "--resolve",
            "shop.example:" + port + ":127.0.0.1",
            "https://shop.example:" + port + "/"));
    for (SocketProtocol p : bothEndsSay(WireProtocol.HTTPS, port)) {
      assertEquals("shop.example", p.serverName());
    }
    server.stop(0);
  }

  @Test
  void otherTls() throws Exception {
    SSLContext tls = TestCertificate.make(dir).context();
    SSLServerSocket listener =
        (SSLServerSocket)
            tls.getServerSocketFactory().createServerSocket(0, 1, loopback().getAddress());
    try (EchoServer server = new EchoServer(listener, 3, 5);
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port());
        Socket socket =
            tls.getSocketFactory().createSocket(plain, "db.example", server.port(), true)) {
      socket.getOutputStream().write(new byte[3]);
      assertEquals(5, socket.getInputStream().readNBytes(5).length);
      for (SocketProtocol p : bothEndsSay(WireProtocol.TLS, server.port())) {
        assertEquals("db.example", p.serverName());
      }
    }
  }

  private List<SocketProtocol> bothEndsSay(WireProtocol protocol, int port) throws Exception {
    List<SocketProtocol> ends = List.of(end(Role.CONNECT, port), end(Role.ACCEPT, port));
    ends.forEach(e -> assertEquals(protocol, e.protocol(), e::toString));
    AgentStats stats = agent.stats();
    assertEquals(0, stats.failures().values().stream().mapToLong(n -> n).sum(), stats::toString);
    return ends;
  }

  private SocketProtocol end(Role role, int port) throws InterruptedException {
    List<SocketProtocol> found =
        recorder.awaitProtocols(
            1, p -> (role == Role.CONNECT ? p.tuple().remote() : p.tuple().local()).port() == port);
    assertTrue(!found.isEmpty(), () -> role + ": none of " + recorder.protocols);
    return found.get(0);
  }

  private static HttpServer serving(HttpServer server) {
    server.createContext(
        "/",
        e -> {
          e.sendResponseHeaders(200, -1);
          e.close();
        });
    server.start();
    return server;
  }

  private static int get(HttpClient client, String url) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private Path log() {
    return dir.resolve("log");
  }
}
