package io.hoptoll.app.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code source <(hoptoll completion)}, in bash or zsh. */
@Command(
    name = "completion",
    description = "Print completion for bash and zsh: source <(hoptoll completion)")
final class CompletionCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    out.print(AutoComplete.bash("hoptoll", spec.root().commandLine()));
    out.flush();
    return 0;
  }
}
