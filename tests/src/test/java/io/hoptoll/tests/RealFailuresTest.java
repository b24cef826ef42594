package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.app.cli.ApiClient.ApiException;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a real Envoy says of each way in which a request can fail in it, and what that is called.
 */
@Tag("envoy")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // BeforeAll sets them, or every test aborts
class RealFailuresTest {
  private static final int REQUESTS = 12;
  private static final Duration SOON = Duration.ofSeconds(30);

  /** Longer than the shortest route time-out in the configuration. */
  private static final int THINK_MILLIS = 200;

  enum Way {
    NO_ROUTE("/no-route", Cause.SIDECAR_NO_ROUTE, Party.CLIENT_SIDECAR, "NR", "VirtualService"),
    NO_CLUSTER(
        "/no-cluster", Cause.SIDECAR_NO_CLUSTER, Party.CLIENT_SIDECAR, "NC", "destination.host"),
    NO_ENDPOINT(
        "/no-endpoint",
        Cause.SIDECAR_NO_HEALTHY_UPSTREAM,
        Party.CLIENT_SIDECAR,
        "UH",
        "outlierDetection"),
    REFUSED("/refused", Cause.TRANSPORT_CONNECT, Party.TRANSPORT, "UF", "NetworkPolicy"),
    PLAINTEXT_SERVER(
        "/plaintext-server",
        Cause.SIDECAR_TLS_HANDSHAKE,
        Party.CLIENT_SIDECAR,
        "UF",
        "DestinationRule"),
    UNRESOLVABLE("/unresolvable", Cause.SIDECAR_DNS, Party.CLIENT_SIDECAR, "DF", "ServiceEntry"),
    /** A host whose name its resolver does not know is no endpoint. */
    NAMELESS("/nameless", Cause.SIDECAR_NO_HEALTHY_UPSTREAM, Party.CLIENT_SIDECAR, "UH", "DNS"),
    FULL("/full", Cause.SIDECAR_OVERFLOW, Party.CLIENT_SIDECAR, "UO", "connectionPool"),
    IMPATIENT(
        "/impatient",
        Cause.SIDECAR_TIMEOUT_SET_TOO_LOW,
        Party.CLIENT_SIDECAR,
        "UT",
        "VirtualService.http.timeout"),
    LEFT("/left", Cause.CLIENT_ABORT, Party.CLIENT_APP, "DC", "time-out"),
    NOT_HTTP(
        "/not-http", Cause.SIDECAR_PROTOCOL_SNIFFING, Party.CLIENT_SIDECAR, "UPE", "appProtocol"),
    RESET("/reset", Cause.TRANSPORT_RESET, Party.TRANSPORT, "UC", "conntrack"),
    LIMITED("/limited", Cause.SIDECAR_RATE_LIMITED, Party.CLIENT_SIDECAR, "RL", "EnvoyFilter"),
    DENIED(
        "/denied",
        Cause.SIDECAR_DENIED,
        Party.CLIENT_SIDECAR,
        "rbac_access_denied",
        "AuthorizationPolicy"),
    UNAUTHORISED("/unauthorised", Cause.SIDECAR_DENIED, Party.CLIENT_SIDECAR, "UAEX", "ext_authz"),
    ABORTED("/aborted", Cause.SIDECAR_FILTER, Party.CLIENT_SIDECAR, "FI", "VirtualService.fault"),
    /** The last: from then on all requests are refused. */
    PRESSED(
        "/pressed",
        Cause.SIDECAR_OVERLOAD_MANAGER,
        Party.CLIENT_SIDECAR,
        "overload",
        "memory limit");

    private final String path;
    private final Cause cause;
    private final Party party;
    private final String said;
    private final String remedy;

    Way(String path, Cause cause, Party party, String said, String remedy) {
      this.path = path;
      this.cause = cause;
      this.party = party;
      this.said = said;
      this.remedy = remedy;
    }
  }

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HoptollServer server;
  private HttpServer app;
  private ServerSocket foreign;
  private ServerSocket resetting;
  private LoneSidecar sidecar;
  private Path pressure;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    if (!MachineAllows.envoy()) {
      return; // each test aborts with the reason
    }
    Path als = dir.resolve("als.sock");
    pressure = dir.resolve("pressure");
    Files.writeString(pressure, "0");
    server =
        HoptollServer.start(
            Config.defaults()
                .with(Settings.BPF, false)
                .with(Settings.STORE_DIR, "off")
                .with(Settings.ALS_LISTEN, List.of("unix:" + als))
                .with(Settings.HTTP_PORT, 0));
    app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    app.setExecutor(threads);
    app.createContext(
        "/",
        x -> {
          think();
          x.sendResponseHeaders(200, -1);
          x.close();
        });
    app.start();
    foreign = answering("SSH-2.0-not_http\r\n\r\n"); // neither HTTP nor TLS
    resetting = answering("");
    sidecar =
        LoneSidecar.start(
            dir,
            resource()
                .replace("@ALS@", als.toString())
                .replace("@APP@", String.valueOf(app.getAddress().getPort()))
                .replace("@FOREIGN@", String.valueOf(foreign.getLocalPort()))
                .replace("@RESETTING@", String.valueOf(resetting.getLocalPort()))
                .replace("@PRESSURE@", pressure.toString()));
  }

  @BeforeEach
  void require() {
    Here.hasEnvoy();
  }

  @AfterAll
  void stop() throws Exception {
    threads.shutdownNow();
    if (sidecar != null) {
      sidecar.close();
      app.stop(0);
      foreign.close();
      resetting.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void isNamedWithWhatToChange(Way way) throws Exception {
    if (way == Way.PRESSED) {
      press();
    }
    String listener = way == Way.UNAUTHORISED ? "authorised" : "main";
    for (int i = 0; i < REQUESTS; i++) {
      request(listener, way.path, way != Way.LEFT);
    }
    ApiClient api = new ApiClient(server.url());
    Eventually.isTrue(
        SOON, () -> first(api, way.path) != null, () -> api.get("/healthz").encodePrettily());
    JsonObject finding = Objects.requireNonNull(first(api, way.path));
    assertEquals(way.cause.name(), finding.getString("cause"), finding::encodePrettily);
    assertEquals(way.party.name(), finding.getString("party"), finding::encodePrettily);
    assertTrue(finding.getJsonArray("evidence").encode().contains(way.said), finding::encode);
    assertTrue(finding.getString("remedy").contains(way.remedy), finding::encode);
  }

  private static @Nullable JsonObject first(ApiClient api, String path) {
    try {
      var findings = api.get("/api/v1/diagnosis?window=60s&path=" + path).getJsonArray("findings");
      return findings.isEmpty() ? null : findings.getJsonObject(0);
    } catch (ApiException e) {
      return null; // not seen yet
    }
  }

  /** Envoy watches for the file being replaced. */
  private void press() throws IOException {
    Path fresh = Files.writeString(pressure.resolveSibling("fresh"), "0.99");
    Files.move(fresh, pressure, StandardCopyOption.ATOMIC_MOVE);
    Eventually.isTrue(SOON, () -> answer("/well").contains("overload"), () -> answer("/well"));
  }

  private String answer(String path) {
    try {
      return request("main", path, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String request(String listener, String path, boolean waits) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), sidecar.port(listener))) {
      String host = path.equals("/unresolvable") ? "no.such.name.invalid" : "app";
      String head = "GET " + path + " HTTP/1.1\r\nhost: " + host + "\r\nconnection: close\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      if (!waits) {
        socket.setSoTimeout(THINK_MILLIS / 4); // it has reached the app by then
        awaitTimeout(socket.getInputStream());
        return "";
      }
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void awaitTimeout(InputStream in) throws IOException {
    try {
      in.read();
    } catch (SocketTimeoutException e) {
      // as long as the client's patience
    }
  }

  private static void think() {
    try {
      TimeUnit.MILLISECONDS.sleep(THINK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A server that says this to whoever connects, as soon as that says something; or resets. */
  private ServerSocket answering(String words) throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(
        () -> {
          while (!socket.isClosed()) {
            try (Socket peer = socket.accept()) {
              peer.getInputStream().read();
              peer.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
              if (words.isEmpty()) {
                peer.setSoLinger(true, 0);
              }
            } catch (IOException e) {
              // the next one
            }
          }
        });
    return socket;
  }

  private static String resource() throws IOException {
    String name = "/failures/envoy.yaml";
    try (InputStream in =
        Objects.requireNonNull(RealFailuresTest.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
