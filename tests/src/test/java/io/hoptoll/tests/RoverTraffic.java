package io.hoptoll.tests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A client and a server alone in a network namespace, so that all that the kernel counts there is
 * theirs. The client does what it is told, a line each.
 */
final class RoverTraffic implements AutoCloseable {
  static final int PORT = 9_000;
  static final int REQUEST_BYTES = 101;
  static final int RESPONSE_BYTES = 30_011;

  private static final String SERVER =
      """
      import socket, threading
      def serve(c):
          try:
              got = 0
              while True:
                  piece = c.recv(%d - got)
                  if not piece:
                      break
                  got += len(piece)
                  if got == %d:
                      got = 0
                      c.sendall(b'x' * %d)
          except ConnectionResetError:
              pass
          c.close()
      listener = socket.create_server(('127.0.0.1', %d), backlog=16)
      print('ready', flush=True)
      while True:
          threading.Thread(target=serve, args=[listener.accept()[0]]).start()
      """
          .formatted(REQUEST_BYTES, REQUEST_BYTES, RESPONSE_BYTES, PORT);

  private static final String CLIENT =
      """
      import socket, struct, sys
      reads = 0
      print('ready', flush=True)
      for line in sys.stdin:
          word, n = line.split()
          if word == 'open':
              c = socket.create_connection(('127.0.0.1', int(n)))
          elif word == 'ask':
              for i in range(int(n)):
                  c.sendall(b'q' * %d)
                  left = %d
                  while left:
                      piece = c.recv(left)
                      if not piece:
                          sys.exit('the server ended the connection within a response')
                      left -= len(piece)
                      reads += 1
          elif word == 'close':
              if int(n):
                  c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
              c.close()
          elif word == 'refused':
              try:
                  socket.create_connection(('127.0.0.1', int(n)))
              except ConnectionRefusedError:
                  pass
          print(reads, flush=True)
      """
          .formatted(REQUEST_BYTES, RESPONSE_BYTES);

  private static final String LOSS =
      "INPUT -p tcp -m statistic --mode nth --every 11 --packet 5 -j LOSSY";

  private final String name = "hoptoll-rover-" + ProcessHandle.current().pid();
  private final List<Process> programs = new ArrayList<>();
  private final Process server;
  private final Process client;

  RoverTraffic() throws Exception {
    host("ip", "netns", "add", name);
    try {
      inside("ip link set lo up");
      inside("iptables -w -N LOSSY");
      inside("iptables -w -A LOSSY -j DROP");
      server = python(SERVER);
      client = python(CLIENT);
    } catch (Exception | AssertionError e) {
      close();
      throw e;
    }
  }

  private Process python(String program) throws IOException {
    String python = Programs.find("python3").toString();
    Process p =
        new ProcessBuilder("ip", "netns", "exec", name, python, "-c", program)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    programs.add(p);
    String said = p.inputReader().readLine();
    if (!"ready".equals(said)) {
      throw new IOException("a program of the test says " + said);
    }
    return p;
  }

  long netns() throws IOException {
    return ((Number) Files.getAttribute(Path.of("/run/netns", name), "unix:ino")).longValue();
  }

  long clientPid() {
    return client.pid();
  }

  long serverPid() {
    return server.pid();
  }

  /** Such as {@code "ask 23"}; how often the client has read so far. */
  long client(String words) throws IOException {
    client.outputWriter().write(words + "\n");
    client.outputWriter().flush();
    return Long.parseLong(client.inputReader().readLine());
  }

  String inside(String command) throws Exception {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
    all.addAll(List.of(command.split(" ")));
    return host(all.toArray(String[]::new));
  }

  /** What ss(8) says of the open sockets with this own, or peer's, port. */
  String socket(String end) throws Exception {
    return inside("ss -tinHO state established " + end + " = :" + PORT);
  }

  /** A counter of this namespace as nstat(8) names it, since it began. */
  long counter(String counter) {
    return asked("nstat -asz " + counter)
        .lines()
        .map(line -> line.split("\\s+"))
        .filter(words -> words[0].equals(counter))
        .mapToLong(words -> Long.parseLong(words[1]))
        .findFirst()
        .orElseThrow();
  }

  /** Has one packet of eleven dropped as it comes, or no more. */
  void loses(boolean on) throws Exception {
    inside("iptables -w " + (on ? "-A " : "-D ") + LOSS);
  }

  /** Packets dropped so far, also once none are any more. */
  long dropped() {
    return asked("iptables -w -nvxL LOSSY")
        .lines()
        .filter(l -> l.contains(" DROP "))
        .mapToLong(l -> Long.parseLong(l.strip().split("\\s+")[0]))
        .sum();
  }

  private String asked(String command) {
    try {
      return inside(command);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String host(String... command) throws Exception {
    Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream out = p.getInputStream()) {
      String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      if (p.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + said);
      }
      return said;
    }
  }

  @Override
  public void close() throws Exception {
    for (Process p : programs) {
      p.destroyForcibly().waitFor();
    }
    host("ip", "netns", "del", name);
  }
}
