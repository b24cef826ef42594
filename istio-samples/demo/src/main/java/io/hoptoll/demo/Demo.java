package io.hoptoll.demo;

import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.cli.Terminal;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MeshException;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Reaper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hoptoll demo}: exit 0 if every verdict was right, 5 if one was wrong, 1 on error. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "A mesh on this machine, faults one by one, and what Hoptoll says of each.")
public final class Demo implements Callable<Integer> {
  private static final int WRONG = 5;
  private static final double RATE = 30;
  private static final int CONNECTIONS = 8;
  private static final int PAGE_MILLIS = 15;

  @Option(
      names = "--keep",
      description =
          "stay up after the tour; print URL and commands to try. With --only the fault stays, too")
  private boolean keep;

  @Option(names = "--no-bpf", description = "access logs only: shows what they cannot tell apart")
  private boolean noBpf;

  @Option(names = "--all", description = "also the faults that the short tour leaves out")
  private boolean all;

  @Option(names = "--only", description = "only this stop of the tour, e.g. lost-syn")
  private @Nullable String only;

  @Option(names = "--http-port", description = "port of the API (default: ${DEFAULT-VALUE})")
  private int httpPort = Integer.parseInt(Settings.STANDARD_HTTP_PORT);

  /** Ctrl-C or TERM came. */
  private static final AtomicBoolean ENDING = new AtomicBoolean();

  private final Screen screen = new Screen(Terminal.detect());
  private final AtomicReference<@Nullable MiniMesh> mesh = new AtomicReference<>();

  public static void main(String[] args) {
    Quiet.install();
    System.exit(
        new CommandLine(new Demo())
            .setExecutionExceptionHandler(
                (e, cmd, parsed) -> {
                  if (!ENDING.get()) { // what was pulled down under its feet is no news
                    cmd.getErr().println("demo: " + e.getMessage());
                  }
                  return 1;
                })
            .execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new MeshException(
          "the minimesh needs root: it makes network namespaces, veth pairs and iptables rules");
    }
    Path dir = Files.createTempDirectory("hoptoll-demo-");
    Path als = dir.resolve("als.sock");
    Reaper folder = Reaper.ofFolder(dir);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(folder), "clean-up"));
    Files.setPosixFilePermissions(
        dir, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    screen.step("starting receiver, socket agent, correlator and API");
    Config config =
        Config.load(null, System.getenv(), Map.of())
            .with(Settings.NODE, "demo")
            .with(Settings.STORE_DIR, dir.resolve("store").toString())
            .with(Settings.ALS_LISTEN, List.of("unix:" + als))
            .with(Settings.HTTP_PORT, httpPort)
            .with(Settings.BPF, !noBpf);
    try (HoptollServer server = HoptollServer.start(config)) {
      server.missing().forEach(screen::missing);
      screen.page(server.url());
      return tour(server, "unix:" + als);
    } finally {
      cleanUp(folder);
    }
  }

  private int tour(HoptollServer server, String als) throws IOException, InterruptedException {
    screen.step("starting the mesh: 7 pods, 7 Envoys, mTLS");
    MiniMesh running = MiniMesh.start(MeshConfig.bookinfo(als));
    mesh.set(running);
    running
        .app("productpage-v1")
        .send("delay " + PAGE_MILLIS); // a page takes time when all is well
    running.load().start(LoadPlan.of("productpage", "/productpage", RATE, CONNECTIONS));
    screen.step((int) RATE + " requests/s to /productpage over " + CONNECTIONS + " connections");
    Tour tour = new Tour(server.url(), running, screen, noBpf);
    boolean right = tour.run(only, all);
    if (keep) {
      tour.leave(only);
      screen.kept(server.url());
      new CountDownLatch(1).await();
    }
    return right ? 0 : WRONG;
  }

  private void end(Reaper folder) {
    ENDING.set(true);
    cleanUp(folder);
  }

  /** Runs on every way out, twice at most: after the tour, or on Ctrl-C and TERM. */
  private void cleanUp(Reaper folder) {
    MiniMesh running = mesh.getAndSet(null);
    if (running != null) {
      running.close();
    }
    folder.close();
  }
}
