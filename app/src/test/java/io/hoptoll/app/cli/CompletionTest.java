package io.hoptoll.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bash and zsh themselves make of the completion script. */
class CompletionTest {
  private static final String AS_BASH_DOES =
      """
      source "$1"; line=$2
      COMP_WORDS=($line); [[ $line != *' ' ]] || COMP_WORDS+=('')
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      function=$(complete -p hoptoll | sed 's/.*-F \\([^ ]*\\).*/\\1/')
      $function hoptoll "${COMP_WORDS[COMP_CWORD]}"; echo "${COMPREPLY[@]}"
      """;

  /** A zsh on a terminal of its own; Control-X has it tell the line as it stands then. */
  private static final String AT_A_TERMINAL_OF_ZSH =
      """
      zmodload zsh/zpty
      zpty -b typed zsh -f -i
      zpty -w typed "source '$1'; tell() { print -r -- \\$BUFFER > $3.part; mv $3.part $3 }"
      zpty -w typed "zle -N tell; bindkey '^I' expand-or-complete '^X' tell; : > $3.ready"
      until [[ -e $3.ready ]]; do sleep 0.05; done
      zpty -n -w typed "$2"$'\\t\\x18'
      until [[ -e $3 ]]; do sleep 0.05; done
      cat $3
      zpty -d typed
      """;

  @TempDir Path dir;
  private Path script;

  @BeforeEach
  void print() throws Exception {
    script = dir.resolve("completion");
    StringWriter printed = new StringWriter();
    assertEquals(
        0,
        Hoptoll.commandLine()
            .setOut(new PrintWriter(printed))
            .execute("completion", "--also", "demo,doctor"));
    Files.writeString(script, printed.toString());
  }

  @Test
  void bashCompletesACommandAndItsOptions() throws Exception {
    assertEquals("diagnose", bash("hoptoll dia"));
    assertEquals("demo", bash("./hoptoll dem"));
    assertEquals("--window", bash("hoptoll diagnose --win"));
    assertTrue(bash("hoptoll diagnose --output ").contains("json"));
  }

  @Test
  void zshCompletesACommandAndItsOptions() throws Exception {
    boolean there =
        Stream.of(String.valueOf(System.getenv("PATH")).split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "zsh")));
    assumeTrue(there, "zsh is not installed");
    assertEquals("hoptoll diagnose", zsh("hoptoll dia"));
    assertEquals("./hoptoll demo", zsh("./hoptoll dem"));
    assertEquals("hoptoll diagnose --window", zsh("hoptoll diagnose --win"));
    assertEquals("hoptoll diagnose --output json", zsh("hoptoll diagnose --output j"));
  }

  /** As a Tab behind these words would; compopt, which only Tab may call, complains aside. */
  private String bash(String words) throws Exception {
    return said("bash", "-c", AS_BASH_DOES, "bash", script.toString(), words);
  }

  private String zsh(String words) throws Exception {
    Path told = dir.resolve("told");
    Files.deleteIfExists(told);
    Files.deleteIfExists(dir.resolve("told.ready"));
    return said(
        "zsh", "-f", "-c", AT_A_TERMINAL_OF_ZSH, "zsh", script.toString(), words, told.toString());
  }

  private String said(String... command) throws Exception {
    Path out = dir.resolve("out");
    ProcessBuilder shell =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    shell.environment().put("HOME", dir.toString()); // where zsh keeps what it has compiled
    Process running = shell.start();
    boolean ended = running.waitFor(60, TimeUnit.SECONDS);
    running.descendants().forEach(ProcessHandle::destroyForcibly);
    running.destroyForcibly();
    String said = Files.readString(out, StandardCharsets.UTF_8).strip();
    assertTrue(ended, () -> String.join(" ", command) + " does not end: " + said);
    assertEquals(0, running.exitValue(), said);
    return said;
  }
}
