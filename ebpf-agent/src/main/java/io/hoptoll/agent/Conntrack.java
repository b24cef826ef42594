package io.hoptoll.agent;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.SocketTuple;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's connection tracking of a namespace, from {@code /proc/PID/net/nf_conntrack}
 * (net/netfilter/nf_conntrack_standalone.c): the same by netlink would ask for CAP_NET_ADMIN there.
 */
final class Conntrack {
  /** Connections of one namespace that are looked at; each line has about 200 bytes. */
  private static final int MAX_LINES = 100_000;

  private Conntrack() {}

  /**
   * Connections whose source port was replaced: how the accepting socket names them → how the
   * connecting one does.
   *
   * @param tgid of a process in the namespace
   */
  static Map<SocketTuple, SocketTuple> rewritten(Path proc, int tgid) throws IOException {
    Map<SocketTuple, SocketTuple> all = new HashMap<>();
    Path table = proc.resolve(Integer.toString(tgid)).resolve("net/nf_conntrack");
    try (BufferedReader in = Files.newBufferedReader(table, StandardCharsets.ISO_8859_1)) {
      String line = in.readLine();
      for (int n = 0; line != null && n < MAX_LINES; n++) {
        SocketTuple[] ends = ends(line);
        if (ends != null && ends[0].local().port() != ends[1].remote().port()) {
          all.put(ends[1], ends[0]);
        }
        line = in.readLine();
      }
    }
    return all;
  }

  /**
   * The connecting socket's tuple and the accepting one's: {@code ipv4 2 tcp 6 431999 ESTABLISHED
   * src=A dst=B sport=1 dport=2 src=C dst=D sport=3 dport=4 …}: what is sent, and what answers look
   * like. Null of what is no TCP connection.
   */
  static SocketTuple @Nullable [] ends(String line) {
    if (!line.contains(" tcp ")) {
      return null;
    }
    Endpoint[] ends = new Endpoint[4];
    String[] hosts = new String[2];
    int at = 0;
    try {
      for (String part : line.split(" ")) {
        if (part.startsWith("src=")) {
          hosts[0] = part.substring(4);
        } else if (part.startsWith("dst=")) {
          hosts[1] = part.substring(4);
        } else if ((part.startsWith("sport=") || part.startsWith("dport=")) && at < ends.length) {
          ends[at] = Endpoint.parse(hosts[at % 2], Integer.parseInt(part.substring(6)));
          at++;
        }
      }
    } catch (IllegalArgumentException | NullPointerException notALine) {
      return null;
    }
    return at < ends.length
        ? null
        : new SocketTuple[] {new SocketTuple(ends[0], ends[1]), new SocketTuple(ends[2], ends[3])};
  }
}
