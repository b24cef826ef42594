package io.hoptoll.minimesh.service;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** stdin and stdout as the harness' control channel. */
final class Console {
  private final BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  private final BufferedWriter out =
      new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));

  /** Feeds each line's words to the handler until stdin ends, then ends the process. */
  void serve(Consumer<String[]> handler) {
    try {
      String line;
      while ((line = in.readLine()) != null) {
        handler.accept(line.trim().split(" +"));
        flush();
      }
    } catch (IOException e) {
      // the harness is gone
    }
    Runtime.getRuntime().halt(0);
  }

  synchronized void print(String line) {
    try {
      out.write(line);
      out.newLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
