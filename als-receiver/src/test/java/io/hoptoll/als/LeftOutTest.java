package io.hoptoll.als;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.hoptoll.als.RecordedEntries.Recorded;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Kind;
import io.hoptoll.model.SpanSink;
import io.hoptoll.model.TextHash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A sink that leaves out requests: all entries of one are left out or none, and all counted. */
class LeftOutTest {
  private static final int REQUESTS = 200;

  private final List<SidecarSpan> taken = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger leftOut = new AtomicInteger();

  private final SpanSink half =
      new SpanSink() {
        @Override
        public void span(SidecarSpan span) {
          taken.add(span);
        }

        @Override
        public boolean leavesOut() {
          return true;
        }

        @Override
        public boolean takes(long requestHash, long startWallNanos) {
          return (requestHash & 1) == 0;
        }

        @Override
        public void leftOut(int entries) {
          leftOut.addAndGet(entries);
        }
      };

  @Test
  void requestsAreLeftOutWholeConnectionsAreNot() throws Exception {
    List<Recorded> connection = RecordedEntries.load("tcp-intermediate").subList(0, 3);
    List<Recorded> requests = requests();
    try (AlsServer server =
            AlsServer.start(new AlsConfig(List.of("127.0.0.1:0"), 1 << 20, null), half);
        AlsClient client = AlsClient.tcp(server.ports().get(0))) {
      AlsClient.Stream stream = client.open();
      stream.send(AlsClient.identified(requests)).send(AlsClient.entries(connection));
      assertEquals(Status.Code.OK, stream.halfClose().status().getCode());
      AlsStats stats = server.stats();
      assertEquals(requests.size() + 3, stats.entries().values().stream().mapToLong(n -> n).sum());
      assertEquals(3, stats.tcpEntries());
    }
    assertEquals(requests.size() + 3, taken.size() + leftOut.get());
    long ofConnection = taken.stream().filter(s -> s.requestId().isEmpty()).count();
    assertEquals(3, ofConnection);
    Set<String> ids = new HashSet<>();
    taken.forEach(s -> ids.add(s.requestId()));
    assertEquals(2 * (ids.size() - 1) + 3, taken.size(), "both entries of a request, or none");
    for (int i = 0; i < REQUESTS; i++) {
      String id = "request-" + i;
      assertEquals(half.takes(TextHash.of(id), 0), ids.contains(id), "as of the id itself");
    }
    assertTrue(leftOut.get() > REQUESTS / 2 && leftOut.get() < 2 * REQUESTS, "" + leftOut);
    assertFalse(taken.stream().allMatch(s -> s.kind() == Kind.PERIODIC));
  }

  /** Two entries each, of two starts so that none is taken for the other's copy. */
  private static List<Recorded> requests() {
    Recorded one = RecordedEntries.load("http-mtls").get(0);
    List<Recorded> all = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      all.add(named(one, "request-" + i, 0));
      all.add(named(one, "request-" + i, 1));
    }
    return all;
  }

  private static Recorded named(Recorded one, String id, int later) {
    var entry = java.util.Objects.requireNonNull(one.http()).toBuilder();
    entry.getRequestBuilder().setRequestId(id);
    entry.getCommonPropertiesBuilder().setStreamId(id);
    entry.getCommonPropertiesBuilder().getStartTimeBuilder().setNanos(later);
    return new Recorded(one.node(), one.log(), entry.build(), null);
  }
}
