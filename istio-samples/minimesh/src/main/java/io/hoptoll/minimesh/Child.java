package io.hoptoll.minimesh;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process in a pod: its pid file (for the reaper), its log, its stdin and stdout. */
public final class Child implements AutoCloseable {
  private static final long ANSWER_MILLIS = 20_000;

  private final String name;
  private final Process process;
  private final BufferedWriter in;
  private final BufferedReader out;

  private Child(String name, Process process) {
    this.name = name;
    this.process = process;
    this.in =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts a command; stderr goes to {@code dir/name.log}, the pid to {@code dir/name.pid}. */
  static Child start(String name, Path dir, List<String> command) {
    try {
      Process p =
          new ProcessBuilder(command).redirectError(dir.resolve(name + ".log").toFile()).start();
      Files.writeString(dir.resolve(name + ".pid"), p.pid() + "\n");
      return new Child(name, p);
    } catch (IOException e) {
      throw new MeshException(name + ": " + e.getMessage(), e);
    }
  }

  /** Runs the command as this user in this namespace; exec all the way, so the pid is its own. */
  static List<String> inNamespace(String netns, int uid, List<String> command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", netns));
    if (uid != 0) {
      String id = String.valueOf(uid);
      all.addAll(List.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups"));
    }
    all.addAll(command);
    return all;
  }

  public long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  public synchronized void send(String command) {
    try {
      in.write(command);
      in.newLine();
      in.flush();
    } catch (IOException e) {
      throw new MeshException(name + " does not take '" + command + "': it ended", e);
    }
  }

  /** The next line that begins with this word. */
  public synchronized String expect(String word) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS);
    try {
      while (System.nanoTime() < deadline) {
        String line = out.readLine();
        if (line == null) {
          throw new MeshException(name + " ended before it said '" + word + "'; see its log");
        }
        if (line.equals(word) || line.startsWith(word + " ")) {
          return line;
        }
      }
    } catch (IOException e) {
      throw new MeshException(name + ": " + e.getMessage(), e);
    }
    throw new MeshException(name + " did not say '" + word + "' in time");
  }

  public synchronized String ask(String command, String word) {
    send(command);
    return expect(word);
  }

  /** All lines up to {@code end}. */
  public synchronized List<String> lines(String command) {
    send(command);
    List<String> lines = new ArrayList<>();
    try {
      for (String line = out.readLine();
          line != null && !line.equals("end");
          line = out.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      throw new MeshException(name + ": " + e.getMessage(), e);
    }
    return lines;
  }

  public void signal(String signal) {
    Shell.run("kill", "-" + signal, String.valueOf(pid()));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
