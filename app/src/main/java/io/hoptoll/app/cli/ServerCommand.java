package io.hoptoll.app.cli;

import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.ServerConfig;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hoptoll server}: receiver, socket agent of this node, correlator and API in one. */
@Command(
    name = "server",
    description = "Run the ALS sink, this node's socket agent, the correlator and the API.")
final class ServerCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--als",
      description =
          "ALS listen target, host:port or unix:/path; repeatable (default: 0.0.0.0:18090)")
  List<String> als = List.of("0.0.0.0:" + ServerConfig.ALS_PORT);

  @Option(names = "--http-host", defaultValue = "127.0.0.1", description = "API address")
  String httpHost = "";

  @Option(
      names = "--http-port",
      defaultValue = "" + ServerConfig.HTTP_PORT,
      description = "API port")
  int httpPort;

  @Option(names = "--node", description = "name of this node (default: its host name)")
  @Nullable String node;

  @Option(names = "--no-bpf", description = "access logs only; says what it then cannot tell")
  boolean noBpf;

  @Override
  public Integer call() throws Exception {
    String name = node != null ? node : InetAddress.getLocalHost().getHostName();
    ServerConfig config = new ServerConfig(name, als, httpHost, httpPort, !noBpf);
    HoptollServer server = HoptollServer.start(config);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  stopped.countDown();
                },
                "shutdown"));
    var out = spec.commandLine().getOut();
    out.println("API " + server.url() + ", ALS on " + String.join(", ", als));
    server.missing().forEach(m -> out.println("missing: " + m));
    out.flush();
    stopped.await();
    return 0;
  }
}
