package io.hoptoll.app.cli;

import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Setting;
import io.hoptoll.app.config.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Gives a command {@code --config} and a flag for every setting. */
final class SettingFlags implements IModelTransformer {
  private static final String FILE = "--config";

  @Override
  public CommandSpec transform(CommandSpec command) {
    command.addOption(
        OptionSpec.builder(FILE)
            .paramLabel("FILE")
            .type(Path.class)
            .description(
                "settings in YAML (default: $"
                    + Config.FILE_ENV
                    + ", else /etc/hoptoll/hoptoll.yaml if it is there)")
            .build());
    settings(command).forEach(s -> command.addOption(option(s)));
    return command;
  }

  /** The effective settings of a command line that was parsed. */
  static Config load(CommandSpec command) {
    ParseResult parsed = command.commandLine().getParseResult();
    Map<String, String> flags = new HashMap<>();
    for (Setting<?> s : settings(command)) {
      OptionSpec option = parsed.matchedOption(s.flag());
      if (option != null) {
        flags.put(s.key(), text(option.getValue()));
      }
    }
    Path file = parsed.hasMatchedOption(FILE) ? parsed.matchedOptionValue(FILE, null) : null;
    return Config.load(file, System.getenv(), flags);
  }

  private static List<Setting<?>> settings(CommandSpec command) {
    return switch (command.name()) {
      case "agent" -> Settings.ofAgent();
      case "server" -> Settings.ofServer();
      default -> Settings.all();
    };
  }

  private static OptionSpec option(Setting<?> s) {
    OptionSpec.Builder option =
        OptionSpec.builder(s.flag())
            .description(
                s.meaning() + (s.standard().isEmpty() ? "" : " (default: " + s.standard() + ")"));
    return switch (s.kind().shape()) {
      case SWITCH -> option.type(Boolean.class).arity("0").negatable(true).build();
      case LIST ->
          option
              .type(List.class)
              .auxiliaryTypes(String.class)
              .arity("1")
              .paramLabel("ITEM")
              .build();
      case SCALAR -> option.type(String.class).arity("1").paramLabel("VALUE").build();
    };
  }

  private static String text(@Nullable Object value) {
    return value instanceof List<?> list
        ? String.join(",", list.stream().map(String::valueOf).toList())
        : String.valueOf(value);
  }
}
