package io.hoptoll.bench.overhead;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of the bench: asked and answered by lines, its CPU and memory read from /proc. */
final class Child implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 10;

  private final Process process;
  private final BufferedReader said;

  Child(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
    said = process.inputReader(UTF_8);
  }

  /** Runs a command to its end and returns the numbers that it printed. */
  static double[] numbers(List<String> command) throws IOException {
    try (Child child = new Child(command)) {
      String line = child.line();
      return Stream.of(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }
  }

  String ask(String line) throws IOException {
    OutputStream in = process.getOutputStream();
    in.write((line + "\n").getBytes(UTF_8));
    in.flush();
    return line();
  }

  /** The next line that it prints. */
  String line() throws IOException {
    String line = said.readLine();
    if (line == null) {
      throw new IOException(process.info().commandLine().orElse("a child") + " ended");
    }
    return line;
  }

  /** Reads on and forgets, so that what it prints never fills the pipe. */
  void swallow() {
    Thread reader = new Thread(this::readToTheEnd, "swallow");
    reader.setDaemon(true);
    reader.start();
  }

  private void readToTheEnd() {
    try {
      while (said.readLine() != null) {
        // only read
      }
    } catch (IOException closed) {
      // it was ended, and its output with it
    }
  }

  /** Time on a CPU of all its threads so far, ns; of those that have ended, none. */
  long cpuNanos() throws IOException {
    long sum = 0;
    try (Stream<Path> threads = Files.list(proc().resolve("task"))) {
      for (Path thread : threads.toList()) {
        sum += nanos(thread.resolve("schedstat"));
      }
    }
    return sum;
  }

  private static long nanos(Path schedstat) throws IOException {
    try {
      return Long.parseLong(Files.readString(schedstat).split(" ")[0]);
    } catch (NoSuchFileException e) {
      return 0; // ended between the list and the look
    }
  }

  /** Resident memory, kB: {@code VmRSS}. */
  long residentKilobytes() throws IOException {
    return Files.readAllLines(proc().resolve("status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  private Path proc() {
    return Path.of("/proc", Long.toString(process.pid()));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
