package io.hoptoll.app.cli;

import io.hoptoll.app.config.ConfigText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hoptoll config}: what a server started with the same file, environment and flags uses. */
@Command(
    name = "config",
    description = {
      "Print the settings a server would start with, and where each comes from.",
      "Flags win over the environment, that over the file, that over defaults."
    },
    modelTransformer = SettingFlags.class)
final class ConfigCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--defaults",
      description = "print the documented file of defaults instead: a start for your own")
  boolean defaults;

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    out.print(defaults ? ConfigText.documented() : ConfigText.effective(SettingFlags.load(spec)));
    out.flush();
    return 0;
  }
}
