package io.hoptoll.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Flags as a user types them. */
class ConfigCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void printsTheFlagAsTheSource() {
    assertEquals(0, run("--als", "unix:/a", "--als", "b:1", "--no-bpf", "--http-port=0"));
    assertTrue(
        out.toString().matches("(?s).*listen: \\[unix:/a, b:1]\\s+# --als\\n.*"), out::toString);
    assertTrue(out.toString().matches("(?s).*bpf: false\\s+# --bpf\\n.*"), out::toString);
    assertTrue(out.toString().matches("(?s).*port: 0\\s+# --http-port\\n.*"), out::toString);
    assertTrue(out.toString().contains("# default"), out::toString);
  }

  @Test
  void refusalIsAnErrorWithWords() {
    assertEquals(1, run("--http-port=eighty"));
    assertTrue(err.toString().contains("--http-port: http.port: 'eighty'"), err::toString);
  }

  @Test
  void everyCommandExplainsItself() {
    for (String name : Hoptoll.commandLine().getSubcommands().keySet()) {
      CommandLine line = Hoptoll.commandLine();
      line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
      assertEquals(0, line.execute(name, "--help"), name);
    }
    assertEquals("", err.toString());
  }

  private int run(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "config";
    System.arraycopy(args, 0, all, 1, args.length);
    CommandLine line = Hoptoll.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return line.execute(all);
  }
}
