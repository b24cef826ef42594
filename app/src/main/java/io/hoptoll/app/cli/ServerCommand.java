package io.hoptoll.app.cli;

import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hoptoll server}: receiver, socket agent of this node, correlator and API in one. */
@Command(
    name = "server",
    description = "Run the ALS sink, this node's socket agent, the correlator and the API.",
    modelTransformer = SettingFlags.class)
final class ServerCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Config config = SettingFlags.load(spec);
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
    out.println(
        "API " + server.url() + ", ALS on " + String.join(", ", config.get(Settings.ALS_LISTEN)));
    server.missing().forEach(m -> out.println("missing: " + m));
    out.flush();
    stopped.await();
    return 0;
  }
}
