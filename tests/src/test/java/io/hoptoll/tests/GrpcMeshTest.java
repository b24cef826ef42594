package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.LoadGenerator;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Topology;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The minimesh speaks gRPC and plain TCP too, and HTTP/2 between sidecars where it shall. */
@Tag("mesh")
class GrpcMeshTest {
  private static final int REQUESTS = 20;

  @BeforeEach
  void require() {
    Here.canRunMesh();
  }

  @Test
  void eachProtocolIsServedThroughBothSidecars(@TempDir Path dir) throws Exception {
    String nobody = "unix:" + Here.opened(dir).resolve("none.sock");
    try (MiniMesh mesh = MiniMesh.start(MeshConfig.of(Topology.grpc(), nobody).withHttp2())) {
      serves(mesh, LoadPlan.grpc("hop1", false, 40, 8));
      serves(mesh, LoadPlan.grpc("hop1", true, 40, 8));
      assertTrue(count(mesh, "upstream_cx_http2_total", 9070) > 0);
      assertTrue(count(mesh, "upstream_rq_total", 9070) >= 2 * REQUESTS);
      serves(mesh, LoadPlan.tcp("hop1", 40, 4, true));
      serves(mesh, LoadPlan.tcp("hop1", 40, 4, false));
      assertTrue(count(mesh, "upstream_cx_total", 9090) >= REQUESTS);
      serves(mesh, LoadPlan.of("hop1", "/upgraded", 40, 4));
      assertTrue(count(mesh, "upstream_cx_http2_total", 9080) > 0);
      assertEquals(0, count(mesh, "upstream_cx_http1_total", 9080));
    }
  }

  private static double count(MiniMesh mesh, String counter, int port) {
    return mesh.stats("client").sum(counter, "outbound|" + port + "||hop1");
  }

  private static void serves(MiniMesh mesh, LoadPlan plan) {
    LoadGenerator load = mesh.load();
    load.reset();
    load.start(plan);
    try {
      Eventually.isTrue(
          Duration.ofSeconds(20),
          () -> load.stats().requests() >= REQUESTS,
          () -> plan + ": " + load.stats());
    } finally {
      load.stop();
    }
    assertEquals(0, load.stats().errors(), plan::toString);
  }
}
