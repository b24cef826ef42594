package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.agent.KnownWorkload.Line;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What ss(8) says of the established connections of a network namespace. */
final class SocketStatistics {
  private static final Pattern PORTS = Pattern.compile("^\\d+ +\\d+ +\\S+:(\\d+) +\\S+:(\\d+) ");
  private static final Pattern LISTENING = Pattern.compile("^\\d+ +\\d+ +\\S+:(\\d+) ");

  /**
   * Payload bytes in order, as the kernel of the client's end counted them.
   *
   * @param sent without what was sent again
   */
  record Counted(long sent, long received) {}

  private SocketStatistics() {}

  /** Both ends are asked, and must agree. */
  static Map<Line, Counted> of(TestNetwork network) throws Exception {
    Set<Integer> listening = new HashSet<>();
    network
        .run("ss", "-HOtn", "state", "listening")
        .lines()
        .forEach(l -> listening.add(port(LISTENING.matcher(l), 1)));
    Map<Line, Counted> clients = new HashMap<>();
    Map<Line, Counted> servers = new HashMap<>();
    for (String line : network.run("ss", "-HOtin", "state", "established").lines().toList()) {
      int local = port(PORTS.matcher(line), 1);
      int remote = port(PORTS.matcher(line), 2);
      long sent = counter(line, "bytes_sent") - counter(line, "bytes_retrans");
      long received = counter(line, "bytes_received");
      if (listening.contains(local)) {
        servers.put(new Line(remote, local), new Counted(received, sent));
      } else {
        clients.put(new Line(local, remote), new Counted(sent, received));
      }
    }
    assertEquals(clients, servers, "both ends by ss");
    return clients;
  }

  private static int port(Matcher m, int group) {
    if (!m.find()) {
      throw new AssertionError("ss says " + m);
    }
    return Integer.parseInt(m.group(group));
  }

  private static long counter(String line, String name) {
    Matcher m = Pattern.compile(" " + name + ":(\\d+)").matcher(line);
    return m.find() ? Long.parseLong(m.group(1)) : 0;
  }
}
