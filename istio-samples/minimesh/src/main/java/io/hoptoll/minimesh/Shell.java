package io.hoptoll.minimesh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code ip}, {@code iptables} and the like to their end. */
final class Shell {
  private static final long TIMEOUT_SECONDS = 20;

  private Shell() {}

  static String run(String... command) {
    return run("", List.of(command));
  }

  /** Runs one script with {@code sh -e}: many {@code ip} calls for one process start. */
  static String script(String script) {
    return run(script, List.of("sh", "-e"));
  }

  /** Output of a command that must succeed. */
  static String run(String input, List<String> command) {
    try {
      Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var stdin = p.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String output = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!p.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || p.exitValue() != 0) {
        throw new MeshException(String.join(" ", command) + " failed: " + output.strip());
      }
      return output;
    } catch (IOException e) {
      throw new MeshException(command.get(0) + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MeshException("interrupted in " + command.get(0), e);
    }
  }
}
