package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.Topology;
import io.hoptoll.minimesh.fault.Fault;
import io.hoptoll.minimesh.fault.Faults;
import io.hoptoll.tests.AgentMesh.Mode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent takes its node's access logs, and the server gets none of its own: the same requests
 * are joined to the same hops, and the same fault is named, as where the server takes them.
 */
@Tag("mesh")
@Tag("bpf")
@Tag("envoy")
class NodeModeTest {
  private static final String ID = "99999999-2222-4333-8444-555555555555";

  /** What one mode told of the same load and fault. */
  private record Seen(
      TreeSet<String> edges, String verdict, double ofAccessLogs, double ofTheAgent) {
    double bytes() {
      return ofAccessLogs + ofTheAgent;
    }

    @Override
    public String toString() {
      return "%.0f of access logs + %.0f of the agent = %.0f"
          .formatted(ofAccessLogs, ofTheAgent, bytes());
    }
  }

  @BeforeEach
  void require() {
    Here.canRunMesh();
    Here.canRunBpf();
  }

  @Test
  void bothModesTellTheSame(@TempDir Path atServer, @TempDir Path atNode) throws Exception {
    Seen server = observe(atServer, Mode.SERVER);
    Seen node = observe(atNode, Mode.NODE);
    System.out.println("bytes on the wire, a request of three hops: " + server + ", " + node);
    assertEquals(server.edges, node.edges);
    assertEquals(server.verdict, node.verdict);
    assertTrue(node.bytes() < server.bytes(), () -> server + " " + node);
  }

  /**
   * Streams of one connection are joined by their bursts; turns of TCP connections at the server.
   */
  @Test
  void streamsAndConnectionsAreJoinedToo(@TempDir Path dir) throws Exception {
    Topology grpc = new Topology(Topology.chain(1, 1).pods(), true);
    try (AgentMesh all =
        AgentMesh.start(dir, Mode.NODE, c -> MeshConfig.of(grpc, c.alsTarget()).withHttp2())) {
      warmUp(all);
      long full = all.count("hops_full");
      long less = all.count("hops_partial") + all.count("hops_half");
      all.serves(LoadPlan.grpc("hop1", true, 50, 16), "/minimesh.Shop/List", 100);
      all.serves(LoadPlan.grpc("hop1", false, 50, 16), "/minimesh.Shop/Get", 100);
      all.serves(LoadPlan.of("hop1", "/upgraded", 50, 16), "/upgraded", 100);
      all.serves(LoadPlan.tcp("hop1", 50, 8, true), "tcp:hop1:9090", 100);
      full = all.count("hops_full") - full;
      less = all.count("hops_partial") + all.count("hops_half") - less;
      assertTrue(full >= 99 * less, () -> said(all));
      assertTrue(all.count("tcp_turns") >= 200, () -> said(all));
      assertEquals(0, all.count("reported_exchange_missing"), () -> said(all));
    }
  }

  private static Seen observe(Path dir, Mode mode) throws Exception {
    try (AgentMesh all =
        AgentMesh.start(dir, mode, c -> MeshConfig.of(Topology.chain(3, 1), c.alsTarget()))) {
      warmUp(all);
      double[] bytes = bytesPerRequest(all);
      all.mesh().load().start(new LoadPlan("hop1", "/one/7", 1, 1, true, ID));
      all.soon(() -> !all.api().get("/api/v1/requests/" + ID).isEmpty());
      all.mesh().load().stop();
      TreeSet<String> edges = new TreeSet<>();
      JsonObject found = all.api().get("/api/v1/requests/" + ID);
      KernelLedger.check(found.getJsonArray("requests").getJsonObject(0), hop -> marks(hop, edges));
      assertEquals(0, all.correlator().getLong("failures"), () -> said(all));
      assertEquals(0, all.count("reported_exchange_missing"), () -> said(all));
      if (mode == Mode.NODE) {
        all.soon(() -> all.count("halves_reported") == atTheAgent(all, "als_entries"));
        assertEquals(all.count("halves_reported"), all.count("spans_in"), "none came bare");
      } else {
        assertEquals(0, all.count("halves_reported"), () -> said(all));
      }
      String verdict = verdict(all);
      all.soon(() -> all.count("requests_logged") > 0);
      assertEquals(0, all.count("requests_not_logged"), () -> said(all));
      return new Seen(edges, verdict, bytes[0], bytes[1]);
    }
  }

  private static long atTheAgent(AgentMesh all, String event) {
    JsonObject agent = all.api().get("/api/v1/agents").getJsonArray("agents").getJsonObject(0);
    return agent.getJsonObject("probes").getJsonObject("entries").getLong(event, 0L);
  }

  /** Until the agent has found the pods' namespaces, and what is told once is told. */
  private static void warmUp(AgentMesh all) {
    all.mesh().load().start(LoadPlan.of("hop1", "/warm", 50, 8));
    all.soon(() -> all.count("hops_full") > 300);
    all.mesh().load().stop();
  }

  /** All but one in a hundred hops are whole meanwhile. */
  private static double[] bytesPerRequest(AgentMesh all) {
    all.mesh().load().start(LoadPlan.of("hop1", "/chain", 50, 8));
    all.soon(() -> all.requests("/chain") >= 100);
    long full = all.count("hops_full");
    long less = all.count("hops_partial") + all.count("hops_half");
    long requests = all.requests("/chain");
    long ofAccessLogs = all.accessLogBytes();
    long ofTheAgent = all.relay().bytes();
    all.soon(() -> all.requests("/chain") >= requests + 1_000);
    double of = all.requests("/chain") - requests;
    double[] each = {
      (all.accessLogBytes() - ofAccessLogs) / of, (all.relay().bytes() - ofTheAgent) / of
    };
    full = all.count("hops_full") - full;
    less = all.count("hops_partial") + all.count("hops_half") - less;
    assertTrue(full >= 99 * less, () -> said(all));
    all.mesh().load().stop();
    return each;
  }

  private static String verdict(AgentMesh all) {
    Fault fault = new Faults(all.mesh()).slowApp("hop1-v1", "hop2-v1", 60);
    all.mesh().load().start(LoadPlan.of("hop1", "/chain", 25, 8));
    fault.start();
    try {
      String query = "/api/v1/diagnosis?path=/chain&window=5s";
      all.soon(
          () -> {
            JsonObject verdict = all.api().get(query);
            return fault.cause().name().equals(verdict.getString("cause"))
                && fault.party().name().equals(verdict.getString("party"));
          });
      JsonObject verdict = all.api().get(query);
      JsonObject edge = verdict.getJsonArray("findings").getJsonObject(0).getJsonObject("edge");
      return verdict.getString("party") + " " + verdict.getString("cause") + " " + edge.encode();
    } finally {
      fault.stop();
      all.mesh().load().stop();
    }
  }

  private static void marks(JsonObject hop, TreeSet<String> edges) {
    for (Object o : hop.getJsonArray("marks")) {
      edges.add(WatchedMesh.edge(hop) + " " + ((JsonObject) o).getString("mark"));
    }
  }

  private static String said(AgentMesh all) {
    return all.api().get("/healthz").encodePrettily();
  }
}
