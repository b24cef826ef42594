package io.hoptoll.app.cli;

import io.hoptoll.app.HoptollAgent;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code hoptoll}: the command line of the product. */
@Command(
    name = "hoptoll",
    description = "Where a slow mesh request spent its time: app, sidecar or transport, and why.",
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT, // --help of every command
    version = "hoptoll " + HoptollAgent.VERSION,
    subcommands = {
      ServerCommand.class,
      AgentCommand.class,
      ConfigCommand.class,
      McpCommand.class,
      DiagnoseCommand.class,
      PathsCommand.class,
      TopCommand.class,
      RequestsCommand.class,
      RequestCommand.class,
      ExplainCommand.class,
      TopologyCommand.class,
      ProfileCommand.class,
      HealthCommand.class,
      CompletionCommand.class
    })
public final class Hoptoll {
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Hoptoll())
        .setExecutionExceptionHandler(
            (e, cmd, parsed) -> {
              cmd.getErr().println("hoptoll: " + e.getMessage());
              return 1;
            });
  }
}
