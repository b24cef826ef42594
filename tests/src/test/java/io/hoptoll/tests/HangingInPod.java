package io.hoptoll.tests;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program in a pod that asks itself by HTTP/1, and never answers. */
final class HangingInPod implements AutoCloseable {
  static final String PATH = "/stock/left";
  static final String ID = "asked-in-vain";

  private static final String PROGRAM =
      """
      import socket, threading, time
      server = socket.create_server(('127.0.0.1', 7777))
      def serve():
          taken, _ = server.accept()
          taken.recv(4096)
          time.sleep(600)
      threading.Thread(target=serve, daemon=True).start()
      client = socket.create_connection(('127.0.0.1', 7777))
      client.sendall(b'GET %s HTTP/1.1\\r\\nHost: warehouse\\r\\nX-Request-Id: %s\\r\\n\\r\\n')
      time.sleep(600)
      """;

  private final Process process;

  /** Aborts the test where python3 is missing. */
  HangingInPod(List<String> inPod) throws Exception {
    List<String> command = new ArrayList<>(inPod);
    String python = Programs.find("python3").toString();
    command.addAll(List.of(python, "-c", PROGRAM.formatted(PATH, ID)));
    process = new ProcessBuilder(command).inheritIO().start();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
