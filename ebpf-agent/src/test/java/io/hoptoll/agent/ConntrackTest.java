package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.SocketTuple;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Lines of the kernel's connection tracking, as 6.18 wrote them. */
class ConntrackTest {
  private static final String REDIRECTED =
      "ipv4     2 tcp      6 431999 ESTABLISHED src=10.1.1.1 dst=10.96.0.2 sport=40123 dport=80 "
          + "src=127.0.0.1 dst=10.1.1.1 sport=15001 dport=61217 [ASSURED] mark=0 zone=0 use=2";

  @Test
  void bothEndsAsTheirSocketsNameThem() {
    SocketTuple[] ends = Conntrack.ends(REDIRECTED);
    assertNotNull(ends);
    assertEquals(tuple("10.1.1.1", 40_123, "10.96.0.2", 80), ends[0]);
    assertEquals(tuple("127.0.0.1", 15_001, "10.1.1.1", 61_217), ends[1]);
  }

  @Test
  void withCountersAndInIpv6() {
    SocketTuple[] ends =
        Conntrack.ends(
            "ipv6     10 tcp      6 299 ESTABLISHED src=fd00::1 dst=fd00::2 sport=1 dport=2"
                + " packets=3 bytes=4 [UNREPLIED] src=::1 dst=fd00::1 sport=15001 dport=7"
                + " packets=0 bytes=0 mark=0 use=1");
    assertNotNull(ends);
    assertEquals(tuple("fd00::1", 1, "fd00::2", 2), ends[0]);
    assertEquals(tuple("::1", 15_001, "fd00::1", 7), ends[1]);
  }

  @Test
  void whatIsNoTcpConnectionIsNone() {
    assertNull(Conntrack.ends(REDIRECTED.replace(" tcp ", " udp ")));
    assertNull(Conntrack.ends(REDIRECTED.substring(0, 120)));
    assertNull(Conntrack.ends(""));
  }

  @Test
  void anyLineIsReadToAnEnd() {
    Random random = new Random(3);
    for (int i = 0; i < 1_000; i++) {
      char[] line = REDIRECTED.toCharArray();
      for (int n = random.nextInt(8); n >= 0; n--) {
        line[random.nextInt(line.length)] = (char) random.nextInt(128);
      }
      SocketTuple[] ends = Conntrack.ends(new String(line));
      assertEquals(true, ends == null || ends.length == 2);
    }
  }

  private static SocketTuple tuple(String local, int localPort, String remote, int remotePort) {
    return new SocketTuple(Endpoint.parse(local, localPort), Endpoint.parse(remote, remotePort));
  }
}
