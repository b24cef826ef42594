package io.hoptoll.app.cli;

import io.hoptoll.app.config.Settings;
import io.hoptoll.app.mcp.McpStdio;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hoptoll mcp}: an assistant's tools, over standard input and output. */
@Command(
    name = "mcp",
    description = {
      "Serve the tools paths, diagnose and explain to an assistant over standard input and output.",
      "Model Context Protocol. For its configuration: command hoptoll, arguments mcp --server URL."
    })
final class McpCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--server",
      defaultValue = "${env:HOPTOLL_SERVER:-http://127.0.0.1:" + Settings.STANDARD_HTTP_PORT + "}",
      description = "base URL of the server (default: ${DEFAULT-VALUE})")
  String url = "";

  @Override
  @SuppressWarnings("SystemOut") // the protocol's own channel
  public Integer call() throws InterruptedException {
    McpStdio.serve(new ApiClient(url)::get, spec.root().version()[0], System.in, System.out);
    return 0;
  }
}
