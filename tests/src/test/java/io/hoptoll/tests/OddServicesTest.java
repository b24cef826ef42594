package io.hoptoll.tests;

import io.hoptoll.minimesh.EnvoyPatch;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.PodSpec;
import io.hoptoll.minimesh.Topology;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Services whose sidecars have filters of their own, apps that run out of workers, replicas of
 * which one is wrong behind retries, and routes that rewrite all paths; each goes wrong in its own
 * way, all at the same time.
 */
@Tag("mesh")
@Tag("bpf")
@Tag("envoy")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // what @BeforeAll could not start here stays null, and the tests abort
class OddServicesTest {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final int BASELINE = 100;

  /** {@code {unread}}, as a query has it. */
  private static final String UNREAD = "%7Bunread%7D";

  /** Keeps requests until it has all of them. */
  private static final String BUFFER =
      """
      {"name": "buffer", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer",
        "max_request_bytes": 1000000}}
      """;

  /** Keeps answers until it has all of them. */
  private static final String READER =
      """
      {"name": "reader", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua",
        "default_source_code": {"inline_string": "function envoy_on_response(h) h:body() end"}}}
      """;

  /** As a VirtualService's retries. */
  private static final String IMPATIENT =
      """
      {"retry_policy": {"retry_on": "5xx", "num_retries": 2, "per_try_timeout": "0.25s"}}
      """;

  enum Odd {
    /** Its callers give it up, and have their answers of the other replica. */
    SLOW_REPLICA("", "", "+ delay 0.6", "", "SERVER_APP APP_SERVICE_TIME"),
    /** Each call of it fails, and nearly each request succeeds. */
    FAULTY_REPLICA("", "", "+ status 503", "", "SERVER_APP APP_ERROR"),
    /**
     * It accepts and reads nothing while its one worker is busy, which is slower than its callers.
     */
    UNREAD("delay 0.03", "close 1", "delay 0.1", "pool 1", "SERVER_APP APP_PICKUP_DELAY"),
    /** It reads at once; what it read waits for its one worker. */
    QUEUED("delay 0.03", "", "delay 0.06", "inner 1", "SERVER_APP APP_SERVICE_TIME"),
    SLOW_BODY("", "> body 20000", "> pause 0.1", "", "CLIENT_APP APP_SLOW_SENDER"),
    SLOW_ANSWER("", "size 20000", "gap 0.1", "", "SERVER_APP APP_SLOW_SENDER"),
    /** Envoy takes 60 KiB; whom they are for it does not look at any more. */
    LARGE_HEAD("", "", "> head 70000", "", "CLIENT_APP CLIENT_HEADERS_TOO_LARGE");

    private final List<String> well;
    private final List<String> odd;
    private final String verdict;

    Odd(String well, String wellToo, String odd, String oddToo, String verdict) {
      this.well = List.of(well, wellToo);
      this.odd = List.of(odd, oddToo);
      this.verdict = verdict;
    }

    String service() {
      return "odd" + ordinal();
    }

    String workload() {
      return service() + "-v1";
    }

    boolean hasReplica() {
      return this == SLOW_REPLICA || this == FAULTY_REPLICA;
    }

    /** The other replica, which goes wrong. */
    String replica() {
      return service() + "-v2";
    }

    /** Who is at fault, where it is the service. */
    String culprit() {
      return (hasReplica() ? replica() : workload()) + ".default";
    }

    /** As the client asks; what its sidecar sends is another. */
    String path() {
      return "/" + service();
    }
  }

  private WatchedMesh watched;
  private final Map<Odd, Process> servers = new EnumMap<>(Odd.class);
  private final Map<Odd, Process> replicas = new EnumMap<>(Odd.class);
  private final Map<Odd, Process> clients = new EnumMap<>(Odd.class);

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    if (!MachineAllows.all()) {
      return; // each test aborts with the reason
    }
    List<PodSpec> pods = new ArrayList<>(List.of(new PodSpec("client", "client", List.of())));
    for (Odd odd : Odd.values()) {
      pods.add(new PodSpec(odd.workload(), odd.service(), List.of()));
      if (odd.hasReplica()) {
        pods.add(new PodSpec(odd.replica(), odd.service(), List.of()));
      }
    }
    watched = WatchedMesh.start(dir, c -> MeshConfig.of(new Topology(pods), c.alsTarget()));
    for (Odd odd : Odd.values()) {
      servers.put(odd, serve(odd.workload()));
      if (odd.hasReplica()) {
        replicas.put(odd, serve(odd.replica()));
      }
    }
    EnvoyPatch rewriting = EnvoyPatch.NONE.outboundRoute("{\"prefix_rewrite\": \"/in/\"}");
    watched.mesh().patch("client", rewriting.outboundRoute(Odd.SLOW_REPLICA.service(), IMPATIENT));
    patch(Odd.SLOW_BODY, EnvoyPatch.NONE.inboundFilter(BUFFER));
    patch(Odd.SLOW_ANSWER, EnvoyPatch.NONE.inboundFilter(READER));
    for (Odd odd : Odd.values()) {
      String arguments = "['', '%s', '%s', '15']".formatted(odd.service(), odd.path());
      String client = "import sys\nsys.argv = " + arguments + "\n" + program("client");
      clients.put(odd, watched.python("client", client));
      tell(odd, odd.well);
    }
    for (Odd odd : Odd.values()) {
      Eventually.isTrue(
          SOON, () -> isWell(odd), () -> odd + " not well: " + watched.verdict(odd.path()));
      tell(odd, odd.odd);
    }
  }

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @AfterAll
  void stop() {
    servers.values().forEach(Process::destroy);
    replicas.values().forEach(Process::destroy);
    clients.values().forEach(Process::destroy);
    if (watched != null) {
      watched.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void isNamed(Odd odd) {
    String path = odd == Odd.LARGE_HEAD ? UNREAD : odd.path();
    Eventually.isTrue(
        SOON,
        () -> odd.verdict.equals(said(path)) && isOf(odd, watched.verdict(path)),
        () -> odd + " is not said: " + watched.verdict(path).encodePrettily());
  }

  private static boolean isOf(Odd odd, JsonObject verdict) {
    boolean isServers = odd.verdict.startsWith("SERVER");
    return !isServers || verdict.getString("headline", "").contains(odd.culprit());
  }

  private Process serve(String workload) throws IOException {
    watched.mesh().app(workload).close();
    return watched.python(workload, program("server"));
  }

  private String said(String path) {
    JsonObject verdict = watched.verdict(path);
    return verdict.getString("party") + " " + verdict.getString("cause");
  }

  /** Enough is known of how it usually is, whatever else this machine does meanwhile. */
  private boolean isWell(Odd odd) {
    JsonObject totals = watched.verdict(odd.path()).getJsonObject("totals", new JsonObject());
    return totals.getLong("baselineRequests", 0L) > BASELINE;
  }

  private void patch(Odd odd, EnvoyPatch patch) {
    watched.mesh().patch(odd.workload(), patch);
  }

  /** Lines for the server; behind {@code >} for its client, behind {@code +} for its replica. */
  private void tell(Odd odd, List<String> lines) throws IOException {
    for (String line : lines) {
      switch (line.isEmpty() ? ' ' : line.charAt(0)) {
        case ' ' -> {}
        case '>' -> tell(clients.get(odd), line.substring(2));
        case '+' -> tell(replicas.get(odd), line.substring(2));
        default -> tell(servers.get(odd), line);
      }
    }
  }

  private static void tell(Process process, String line) throws IOException {
    Writer in = process.outputWriter();
    in.write(line + "\n");
    in.flush();
  }

  private static String program(String name) throws IOException {
    String resource = "/odd/" + name + ".py";
    try (InputStream in = OddServicesTest.class.getResourceAsStream(resource)) {
      return new String(
          Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
