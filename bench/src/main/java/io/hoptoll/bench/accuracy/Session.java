package io.hoptoll.bench.accuracy;

import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Reaper;
import io.hoptoll.minimesh.Topology;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** One mesh with one load, and a server beside it that knows only what they send. */
final class Session implements AutoCloseable {
  /** The last app of the chain takes so long when all is well: requests overlap. */
  private static final int USUAL_MILLIS = 12;

  private static final int WARM_UP_SECONDS = 5;
  private static final int DRAIN_SECONDS = 6;
  private static final int BASELINE_SECONDS = 9;

  private final Traffic traffic;
  private final Reaper folder;
  private final HoptollServer server;
  private final MiniMesh mesh;
  private final Witness witness;

  private Session(Traffic traffic, Reaper folder, HoptollServer server, MiniMesh mesh)
      throws Exception {
    this.traffic = traffic;
    this.folder = folder;
    this.server = server;
    this.mesh = mesh;
    this.witness = new Witness(server, mesh);
  }

  /** Starts all of it and lets it run well for a while. */
  static Session start(Traffic traffic) throws Exception {
    Path dir = Files.createTempDirectory("hoptoll-accuracy-");
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    String als = "unix:" + dir.resolve("als.sock");
    Config config =
        Config.defaults()
            .with(Settings.STORE_DIR, "off")
            .with(Settings.ALS_LISTEN, List.of(als))
            .with(Settings.HTTP_PORT, 0);
    Reaper folder = Reaper.ofFolder(dir);
    HoptollServer server = HoptollServer.start(config);
    Session session = new Session(traffic, folder, server, mesh(traffic, als));
    session.warmUp();
    return session;
  }

  private static MiniMesh mesh(Traffic traffic, String als) {
    Topology chain = new Topology(Topology.chain(Case.HOPS, 1).pods(), traffic.protocol().isGrpc());
    MeshConfig plain = MeshConfig.of(chain, als);
    return MiniMesh.start(traffic.protocol() == Protocol.HTTP2 ? plain.withHttp2() : plain);
  }

  private void warmUp() {
    String last = "hop" + (traffic.protocol() == Protocol.TCP ? 1 : Case.HOPS) + "-v1";
    mesh.app(last).send("usual " + USUAL_MILLIS);
    mesh.load().start(traffic.plan());
    Pause.seconds(WARM_UP_SECONDS);
    mesh.load().stop();
    Pause.seconds(DRAIN_SECONDS);
    witness.begin();
    mesh.load().start(traffic.plan());
    Pause.seconds(BASELINE_SECONDS);
  }

  MiniMesh mesh() {
    return mesh;
  }

  Witness witness() {
    return witness;
  }

  Asker asker() {
    return new Asker(new ApiClient(server.url()), traffic.protocol());
  }

  List<String> missing() {
    return server.missing();
  }

  /** Ends the load and waits for what is still on its way to be joined. */
  Witness.Seen end() {
    mesh.load().stop();
    Pause.seconds(DRAIN_SECONDS);
    return witness.look();
  }

  @Override
  public void close() {
    mesh.close();
    server.close();
    folder.close();
  }
}
