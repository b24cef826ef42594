package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hoptoll.agent.KnownWorkload.Line;
import io.hoptoll.agent.KnownWorkload.Turn;
import io.hoptoll.agent.SocketStatistics.Counted;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 10,000 requests by every way of I/O, to servers of Python, Node, the JDK, Go, nginx and Envoy:
 * each exchange is found at both ends with its bytes, none twice, and nothing else. The clients
 * count their own bytes; ss(8) asks the kernel for each connection's.
 */
@Tag("bpf")
@Tag("envoy")
class KnownWorkloadLiveTest {
  /** Envoy asks the server behind it once for each of its own requests. */
  private static final int BEHIND_ENVOY = KnownWorkload.CONNECTIONS * KnownWorkload.TURNS;

  private static final int EXCHANGES = 2 * (KnownWorkload.REQUESTS + BEHIND_ENVOY);

  private final Recorder recorder = new Recorder();

  @TempDir private Path dir;

  @Test
  void everyExchangeIsFoundByteExactAndNoneInvented() throws Exception {
    Readiness readiness = SocketAgent.check(TestHooks.WANTED);
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    assertEquals(10_000, KnownWorkload.REQUESTS);
    try (TestNetwork network = new TestNetwork();
        WorkloadPrograms programs = new WorkloadPrograms(dir, network);
        KnownWorkload workload = new KnownWorkload(programs, network)) {
      programs.start();
      AgentConfig config =
          new AgentConfig("here", false, Set.of(network.inode()), TestHooks.WANTED);
      try (SocketAgent agent = SocketAgent.start(config, recorder)) {
        workload.run();
        Map<Line, Counted> kernel = SocketStatistics.of(network);
        workload.close();
        recorder.awaitAll(EXCHANGES);
        check(workload.truth(), kernel);
        nothingLostOrTwice(agent, kernel.size());
      }
    }
  }

  private void check(Map<Line, List<Turn>> truth, Map<Line, Counted> kernel) {
    Map<Line, List<Turn>> clients = seen(Role.CONNECT);
    assertEquals(clients, seen(Role.ACCEPT), "both ends of each connection");
    Map<Line, Counted> sums = new HashMap<>();
    clients.forEach((line, turns) -> sums.put(line, sum(turns)));
    assertEquals(kernel, sums, "bytes of each connection");
    int behind = 0;
    for (Map.Entry<Line, List<Turn>> each : clients.entrySet()) {
      boolean known = each.getKey().serverPort() != WorkloadPrograms.BEHIND;
      behind += known ? 0 : each.getValue().size();
      if (known) {
        assertEquals(truth.get(each.getKey()), each.getValue(), () -> each.getKey().toString());
      }
    }
    assertEquals(BEHIND_ENVOY, behind, "requests behind Envoy");
    assertTrue(clients.keySet().containsAll(truth.keySet()));
    assertEquals(8 * KnownWorkload.CONNECTIONS, truth.size());
  }

  private static Counted sum(List<Turn> turns) {
    return new Counted(
        turns.stream().mapToLong(Turn::sent).sum(), turns.stream().mapToLong(Turn::received).sum());
  }

  /** What the agent saw of each connection, request by request, as its client would count it. */
  private Map<Line, List<Turn>> seen(Role role) {
    return recorder.all().stream()
        .filter(e -> e.role() == role)
        .sorted(Comparator.comparingInt(Exchange::turn))
        .collect(
            Collectors.groupingBy(
                e -> line(e, role), Collectors.mapping(e -> turn(e, role), Collectors.toList())));
  }

  private static Line line(Exchange e, Role role) {
    int local = e.tuple().local().port();
    int remote = e.tuple().remote().port();
    return role == Role.CONNECT ? new Line(local, remote) : new Line(remote, local);
  }

  private static Turn turn(Exchange e, Role role) {
    int in = Math.toIntExact(e.volume().bytesIn());
    int out = Math.toIntExact(e.volume().bytesOut());
    return role == Role.CONNECT ? new Turn(out, in) : new Turn(in, out);
  }

  private void nothingLostOrTwice(SocketAgent agent, int connections) throws Exception {
    recorder.awaitConnections(3 * connections, c -> true); // opened by one end, closed by both
    assertEquals(3 * connections, recorder.connections.size());
    assertEquals(EXCHANGES, recorder.all().size());
    assertEquals(List.of(), List.copyOf(recorder.again));
    assertTrue(recorder.all().stream().noneMatch(e -> e.has(Exchange.MIDWAY)));
    assertEquals(0, agent.stats().failures().values().stream().mapToLong(n -> n).sum());
  }
}
