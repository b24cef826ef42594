package io.hoptoll.bench;

import io.hoptoll.model.Exchange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the apps themselves saw: which stamp went over which of their sockets, when. A socket
 * carries one request at a time, so port and time name the request without any help of the product.
 */
public final class Stamps {
  /**
   * One request at one app.
   *
   * @param beginNanos CLOCK_MONOTONIC
   */
  public record Seen(String stamp, long beginNanos, long endNanos) {
    public long nanos() {
      return endNanos - beginNanos;
    }
  }

  private record Socket(String workload, char role, int port) {}

  private final Map<Socket, List<Seen>> bySocket = new HashMap<>();
  private int calls;

  /** Takes in one pod's lines: {@code ROLE STAMP LOCAL_PORT REMOTE_PORT BEGIN_NS END_NS}. */
  public void add(String workload, List<String> lines) {
    for (String line : lines) {
      String[] f = line.split(" ");
      char role = f[0].charAt(0);
      int port = Integer.parseInt(role == 'C' ? f[2] : f[3]);
      bySocket
          .computeIfAbsent(new Socket(workload, role, port), k -> new ArrayList<>())
          .add(new Seen(f[1], Long.parseLong(f[4]), Long.parseLong(f[5])));
      calls += role == 'C' ? 1 : 0;
    }
  }

  /** Calls that apps made and saw answered. */
  public int calls() {
    return calls;
  }

  /** The stamp that a calling app sent in this exchange of its socket (E1). */
  @Nullable String called(String workload, Exchange e) {
    return stamp(call(workload, e));
  }

  /** The request that a calling app sent in this exchange of its socket (E1), as it saw it. */
  public @Nullable Seen call(String workload, Exchange e) {
    long sent = e.marks().sendFirstNanos();
    return find(new Socket(workload, 'C', e.tuple().local().port()), sent, sent);
  }

  /** The stamp that a serving app read in this exchange of its socket (E6). */
  @Nullable String served(String workload, Exchange e) {
    return stamp(service(workload, e));
  }

  /** The request that a serving app read in this exchange of its socket (E6), as it saw it. */
  public @Nullable Seen service(String workload, Exchange e) {
    Exchange.Marks m = e.marks();
    return find(
        new Socket(workload, 'S', e.tuple().remote().port()),
        m.readFirstNanos(),
        m.sendFirstNanos());
  }

  /**
   * The one request on the socket that overlaps the interval; null where there is not exactly one.
   */
  private @Nullable Seen find(Socket socket, long from, long to) {
    Seen found = null;
    for (Seen s : bySocket.getOrDefault(socket, List.of())) {
      if (s.beginNanos() <= to && s.endNanos() >= from) {
        if (found != null) {
          return null;
        }
        found = s;
      }
    }
    return found;
  }

  private static @Nullable String stamp(@Nullable Seen seen) {
    return seen == null ? null : seen.stamp();
  }
}
