package io.hoptoll.app.cli;

import io.hoptoll.app.config.Settings;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of every command that asks a server. */
final class ServerOption {
  /** How an answer is printed. */
  enum Output {
    text,
    json
  }

  @Spec(Spec.Target.MIXEE)
  CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--server",
      defaultValue = "${env:HOPTOLL_SERVER:-http://127.0.0.1:" + Settings.STANDARD_HTTP_PORT + "}",
      description = "its base URL (default: ${DEFAULT-VALUE})")
  String url = "";

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      description = "text or json")
  Output output = Output.text;

  ApiClient client() {
    return new ApiClient(url);
  }

  /** Over what stands there, in one piece: nothing flickers. */
  void redraw(String text) {
    say(Terminal.over(fitted(text)));
  }

  void print(JsonObject json, Supplier<String> text) {
    say(output == Output.json ? json.encodePrettily() + "\n" : fitted(text.get()));
  }

  private static String fitted(String text) {
    return Terminal.wrapped(text, Terminal.size().columns());
  }

  /** At once, without an end of line. */
  void say(String text) {
    var out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }

  /** Beside the answers, on stderr. */
  void warn(String text) {
    spec.commandLine().getErr().println("hoptoll: " + text);
  }

  /** False once what was said could not be written: the reader of a pipe has gone. */
  boolean isRead() {
    return !System.out.checkError(); // a PrintWriter over it hears of no error
  }
}
