package io.hoptoll.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bash itself makes of the completion script. */
class CompletionTest {
  @Test
  void bashCompletesACommandAndItsOptions(@TempDir Path dir) throws Exception {
    Path script = dir.resolve("completion");
    StringWriter printed = new StringWriter();
    assertEquals(0, Hoptoll.commandLine().setOut(new PrintWriter(printed)).execute("completion"));
    Files.writeString(script, printed.toString());
    assertEquals("diagnose", completed(script, "hoptoll dia"));
    assertEquals("--window", completed(script, "hoptoll diagnose --win"));
    assertTrue(completed(script, "hoptoll diagnose --output ").contains("json"));
  }

  /** As a Tab behind these words would; compopt, which only Tab may call, complains aside. */
  private static String completed(Path script, String words) throws Exception {
    String ask =
        "source '%s'; line='%s'; COMP_WORDS=($line); [[ $line != *' ' ]] || COMP_WORDS+=('');"
            + " COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
            + " function=$(complete -p hoptoll | sed 's/.*-F \\([^ ]*\\).*/\\1/');"
            + " $function hoptoll \"${COMP_WORDS[COMP_CWORD]}\"; echo \"${COMPREPLY[@]}\"";
    Process bash =
        new ProcessBuilder("bash", "-c", ask.formatted(script, words))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, bash.waitFor(), said);
    return said.strip();
  }
}
