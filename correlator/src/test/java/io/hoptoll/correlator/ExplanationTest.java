package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.correlator.Explanation.LegLine;
import io.hoptoll.correlator.Explanation.MarkLine;
import io.hoptoll.correlator.Explanation.Use;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Mark;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private final World.Truth t = World.steady("id");
  private final LedgerBuilder builder = new LedgerBuilder(new JoinCounters());

  private Explanation explain(HalfHop client, @org.jspecify.annotations.Nullable HalfHop server) {
    return Explanation.of(
        new Hop(client, server, List.of(), builder.build(client, server, List.of())));
  }

  @Test
  void everyLegIsTheDifferenceOfTwoMarks() {
    Explanation e = explain(Change.client(t), Change.server(t));

    assertEquals(List.of(), e.missing());
    for (LegLine l : e.legs()) {
      if (l.rule().isEmpty()) {
        assertNotNull(l.from());
        assertNotNull(l.to());
        assertEquals(l.leg().nanos(), l.to().nanos() - l.from().nanos());
      }
    }
  }

  @Test
  void eachMarkSaysWhereItIsRead() {
    List<MarkLine> marks = explain(Change.client(t), Change.server(t)).marks();
    MarkLine read = marks.get(Mark.CLIENT_SIDECAR_READ.ordinal());

    assertEquals(Mark.values().length, marks.size());
    assertEquals(Use.USED, read.use());
    assertEquals("tracepoint sock:sock_recv_length", read.source());
    assertTrue(read.socket().contains(t.e2().tuple().toString()), read.socket());
  }

  @Test
  void whatWasNotSeenIsNamedWithItsSocket() {
    Explanation e = explain(Change.client(t), null);

    assertEquals(3, e.missing().size(), e.missing().toString());
    assertTrue(e.missing().get(0).startsWith("E4: no access log entry"), e.missing().get(0));
    assertEquals(Use.MISSING, e.marks().get(Mark.SERVER_APP_READ.ordinal()).use());
  }

  @Test
  void withoutSocketsTheAccessLogIsTheSource() {
    HalfHop alone =
        Change.half(t.client(), World.NODE, null, null, null, null, Change.client(t).pool());
    MarkLine sent = explain(alone, null).marks().get(Mark.CLIENT_SIDECAR_SENT.ordinal());

    assertEquals("access log: time_to_first_upstream_tx_byte", sent.source());
    assertEquals("", sent.socket());
  }
}
