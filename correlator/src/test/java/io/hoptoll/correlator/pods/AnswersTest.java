package io.hoptoll.correlator.pods;

import static io.hoptoll.correlator.pods.Reports.IP;
import static io.hoptoll.correlator.pods.Reports.NETNS;
import static io.hoptoll.correlator.pods.Reports.NODE;
import static io.hoptoll.correlator.pods.Reports.namespace;
import static io.hoptoll.correlator.pods.Reports.process;
import static io.hoptoll.correlator.pods.Reports.tuple;
import static io.hoptoll.correlator.pods.Reports.turn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SocketTuple;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answered requests, as sockets tell of them at once. */
class AnswersTest {
  private static final long MILLI = Nanos.PER_MILLI;
  private static final long ALL = 10 * Nanos.PER_SECOND;
  private static final int APP = 41;
  private static final int PORT = 9_080;
  private static final SocketTuple SERVED = tuple(IP, PORT, "10.244.2.9", 33_333);

  private final PodTraffic traffic = new PodTraffic();
  private final long now = 20 * Nanos.PER_SECOND;

  @BeforeEach
  void namePod() {
    traffic.namespace(namespace(NETNS, IP));
    traffic.running(process(APP, "node", "", ""), now);
    traffic.tick(now);
  }

  /** The new agent counts the turns of a connection that stayed from 0. */
  @Test
  void anAgentThatBeganAgainCountsOn() {
    answered(APP, 900, 0, 1_000);
    answered(APP, 0, Exchange.MIDWAY, 2_000);
    answered(APP, 0, Exchange.MIDWAY, 2_000); // the same again
    answered(APP, 1, Exchange.MIDWAY, 2_100);
    answered(APP, 0, Exchange.MIDWAY, 2_000); // overtaken
    assertEquals(3, traffic.answeredSince(NODE, APP, PORT, ALL));
    traffic.tick(now + 2 * Limits.PEER_WAIT_NANOS);
    PodTopology topology = traffic.views().topology(NODE, IP);
    assertNotNull(topology);
    PodTopology.Link line = topology.lines().get(0);
    assertEquals(3, line.server().exchanges());
    assertEquals(Map.of(200, 3L), line.http().statuses());
  }

  /** Its connections keep their counts, though more ports answered meanwhile than are kept. */
  @Test
  void whatABusyPortAnsweredIsKnownThoughItWasForgotten() {
    answered(APP, 0, 0, 1_000);
    for (int i = 0; i < Limits.PORTS_ANSWERING; i++) {
      answered(100 + i, 0, 0, 1_000);
    }
    answered(APP, 1, 0, 1_100);
    answered(APP, 2, 0, 1_200);
    assertEquals(3, traffic.answeredSince(NODE, APP, PORT, ALL));
  }

  @Test
  void anotherProcessWithTheSamePidAnsweredNothing() {
    answered(APP, 0, 0, 1_000);
    traffic.running(process(APP, 700, NETNS, false, "node", "", "", true), now);
    assertEquals(0, traffic.answeredSince(NODE, APP, PORT, ALL));
  }

  /** Asked so long after the begin, ms; each process has one connection. */
  private void answered(int process, int turn, int flags, long atMillis) {
    long asked = now - 5 * Nanos.PER_SECOND + atMillis * MILLI;
    traffic.exchange(
        turn(process, turn, process, Role.ACCEPT, SERVED, flags, asked, asked + MILLI, now - asked),
        now);
  }
}
