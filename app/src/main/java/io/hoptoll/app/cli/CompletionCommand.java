package io.hoptoll.app.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code source <(hoptoll completion)}, in bash or zsh. */
@Command(
    name = "completion",
    description = "Print completion for bash and zsh: source <(hoptoll completion)")
final class CompletionCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--also", split = ",", hidden = true, description = "what the launcher does")
  List<String> also = List.of();

  @Override
  public Integer call() {
    CommandLine all = Hoptoll.commandLine();
    also.forEach(name -> all.addSubcommand(name, CommandSpec.create()));
    var out = spec.commandLine().getOut();
    out.print(AutoComplete.bash("hoptoll", all));
    out.flush();
    return 0;
  }
}
