package io.hoptoll.minimesh.fault;

import io.hoptoll.minimesh.EnvoyStats;
import io.hoptoll.minimesh.MiniMesh;
import java.util.List;

/** What a sidecar itself counted between two moments. */
abstract class SidecarGauge {
  abstract void begin();

  abstract Truth.Held end();

  abstract String measured();

  static SidecarGauge pending(MiniMesh mesh, String from, String to) {
    return new Counted(
        mesh,
        from,
        to,
        "upstream_rq_pending_total",
        "",
        "requests that had to wait for a connection, counted by Envoy, which does not time them");
  }

  static SidecarGauge handshakes(MiniMesh mesh, String from, String to) {
    return new Counted(
        mesh,
        from,
        to,
        "ssl_handshake",
        "upstream_cx_connect_ms_sum",
        "handshakes counted by Envoy; its times are cut to whole ms, so the sum is a lower bound");
  }

  /** A counter of the cluster that leads to a pod's service and the sum of a histogram of ms. */
  private static final class Counted extends SidecarGauge {
    private final MiniMesh mesh;
    private final String workload;
    private final String cluster;
    private final String counter;
    private final String millis;
    private final String measured;
    private double countBefore;
    private double millisBefore;

    Counted(MiniMesh mesh, String from, String to, String counter, String millis, String measured) {
      this.mesh = mesh;
      this.workload = from;
      this.cluster = "outbound|9080||" + mesh.pod(to).spec().service();
      this.counter = counter;
      this.millis = millis;
      this.measured = measured;
    }

    @Override
    void begin() {
      EnvoyStats stats = mesh.stats(workload);
      countBefore = stats.sum(counter, cluster);
      millisBefore = stats.sum(millis, cluster);
    }

    @Override
    Truth.Held end() {
      EnvoyStats stats = mesh.stats(workload);
      double count = stats.sum(counter, cluster) - countBefore;
      double total = stats.sum(millis, cluster) - millisBefore;
      return new Truth.Held((long) count, (long) (total * 1e6), 0, 0);
    }

    @Override
    String measured() {
      return measured;
    }
  }

  /** What the Lua filter logged: one line a request. */
  static final class Burnt extends SidecarGauge {
    private static final String MARK = "burnt_us=";

    private final MiniMesh mesh;
    private final String workload;
    private int linesBefore;

    Burnt(MiniMesh mesh, String workload) {
      this.mesh = mesh;
      this.workload = workload;
    }

    @Override
    void begin() {
      linesBefore = mesh.sidecarLog(workload).size();
    }

    @Override
    Truth.Held end() {
      List<String> log = mesh.sidecarLog(workload);
      return Truth.Held.of(
          log.subList(linesBefore, log.size()).stream()
              .filter(line -> line.contains(MARK))
              .map(line -> micros(line) * 1_000)
              .toList());
    }

    private static long micros(String line) {
      return Long.parseLong(line.substring(line.indexOf(MARK) + MARK.length()).strip());
    }

    @Override
    String measured() {
      return "CPU burnt on each request, measured in the filter";
    }
  }
}
