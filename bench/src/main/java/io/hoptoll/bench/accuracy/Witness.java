package io.hoptoll.bench.accuracy;

import io.hoptoll.app.HoptollServer;
import io.hoptoll.bench.Stamps;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Pod;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** What the apps saw of each request, beside the hops that were joined of it. */
final class Witness {
  /**
   * @param clientNanos how long each request of the load took
   * @param calls between apps, as these counted them
   * @param joined hops with both sidecars' entries and both apps' sockets
   */
  record Seen(List<Long> clientNanos, long calls, long joined, LegErrors errors) {}

  private final MiniMesh mesh;
  private final Queue<Hop> hops = new ConcurrentLinkedQueue<>();
  private Map<String, List<String>> before = Map.of();

  Witness(HoptollServer server, MiniMesh mesh) throws Exception {
    this.mesh = mesh;
    server
        .correlator()
        .ask(
            c -> {
              c.onHop(hops::add);
              return c;
            })
        .get(5, TimeUnit.SECONDS);
  }

  /** Forgets what was; from here on all is recorded. */
  void begin() {
    for (Pod pod : mesh.pods()) {
      mesh.app(pod.workload()).send("record on");
      mesh.app(pod.workload()).lines("records");
    }
    hops.clear();
  }

  /** Since the last look. A hop is known seconds after its request: stamps are kept for two. */
  Seen look() {
    List<Hop> joined = new ArrayList<>();
    for (Hop hop = hops.poll(); hop != null; hop = hops.poll()) {
      joined.add(hop);
    }
    Map<String, List<String>> lines = new HashMap<>();
    Stamps stamps = new Stamps();
    long calls = 0;
    for (Pod pod : mesh.pods()) {
      String workload = pod.workload();
      List<String> fresh = mesh.app(workload).lines("records");
      lines.put(workload, fresh);
      stamps.add(workload, fresh);
      stamps.add(workload, before.getOrDefault(workload, List.of()));
      calls += fresh.stream().filter(l -> l.startsWith("C ")).count();
    }
    before = lines;
    List<Long> client =
        lines.getOrDefault("client", List.of()).stream().map(Witness::nanos).toList();
    return new Seen(
        client, calls, joined.stream().filter(Witness::isWhole).count(), errors(joined, stamps));
  }

  private static LegErrors errors(List<Hop> joined, Stamps stamps) {
    LegErrors errors = new LegErrors();
    joined.forEach(hop -> errors.add(hop, stamps));
    return errors;
  }

  private static boolean isWhole(Hop hop) {
    HalfHop client = hop.client();
    HalfHop server = hop.server();
    return client != null
        && server != null
        && client.callingApp() != null
        && server.servingApp() != null;
  }

  private static long nanos(String line) {
    String[] f = line.split(" ");
    return Long.parseLong(f[5]) - Long.parseLong(f[4]);
  }
}
