package io.hoptoll.app.cli;

import io.hoptoll.app.HoptollAgent;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hoptoll agent}: this node's sockets, processes and pods, reported to a server. */
@Command(
    name = "agent",
    description =
        "Watch this node's sockets and report them to a server; with --agent-als also take its"
            + " sidecars' access logs and join both. One agent a node.",
    modelTransformer = SettingFlags.class)
final class AgentCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Config config = SettingFlags.load(spec);
    HoptollAgent agent = HoptollAgent.start(config);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  agent.close();
                  stopped.countDown();
                },
                "shutdown"));
    var out = spec.commandLine().getOut();
    out.println("reporting to " + config.get(Settings.AGENT_SERVER));
    if (!config.get(Settings.AGENT_ALS_LISTEN).isEmpty()) {
      out.println("access logs on " + String.join(", ", config.get(Settings.AGENT_ALS_LISTEN)));
    }
    agent.missing().forEach(m -> out.println("missing: " + m));
    out.flush();
    stopped.await();
    return 0;
  }
}
