package io.hoptoll.tests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of others that judge what Hoptoll says. */
final class Programs {
  /**
   * @param output both streams
   */
  record Result(int status, String output) {}

  private Programs() {}

  /** Aborts the test where the program is missing. */
  static Path find(String name) {
    Path found =
        Stream.of(String.valueOf(System.getenv("PATH")).split(":"))
            .map(dir -> Path.of(dir, name))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(Path.of(""));
    assumeTrue(!found.toString().isEmpty(), name + " is not installed");
    return found;
  }

  static Result run(String input, List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // ended before it read all: its words say why
    }
    String output = read(process.getInputStream());
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command + " does not end: " + output);
    }
    return new Result(process.exitValue(), output);
  }

  private static String read(InputStream in) {
    try {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
