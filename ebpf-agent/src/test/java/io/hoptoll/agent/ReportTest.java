package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A retransmit that meets the report of its turn is told: by the next report of the turn, or with
 * the next turn (report.test.bpf.c).
 */
@Tag("bpf")
class ReportTest {
  private static final int TOLD_BYTES = 8;

  /** An exchange record's number and the segments that were sent again in it. */
  private record Told(int turn, int retransmits) {}

  private final Pointer told = Native.allocate(TOLD_BYTES);
  private BpfObject object;
  private RingBuffer ring;

  @BeforeEach
  void load() throws AgentException {
    Readiness readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    object = BpfObject.load(Architecture.object("report.test"), o -> {});
    Pointer records = object.map("records");
    ring =
        new RingBuffer(Native.BPF.bpf_map__fd(records), Native.BPF.bpf_map__max_entries(records));
  }

  @AfterEach
  void close() {
    if (ring != null) {
      ring.close();
    }
    if (object != null) {
      object.close();
    }
  }

  @Test
  void thatMeetsTheFlushItIsToldByTheNextOne() throws AgentException {
    run("written", 0, false);
    assertEquals(List.of(new Told(0, 0)), tell(1, false));
    assertEquals(List.of(new Told(0, 1)), tell(0, false));
    assertEquals(List.of(), tell(0, false), "nothing is new");
  }

  @Test
  void thatMeetsTheTurnsEndItIsTheNextTurns() throws AgentException {
    run("written", 0, false);
    assertEquals(List.of(new Told(0, 0)), tell(2, true));
    run("written", 0, false);
    assertEquals(List.of(new Told(1, 2)), tell(0, true));
  }

  @Test
  void aTurnWhoseEndMeetsTheFlushIsToldByTheEnd() throws AgentException {
    run("written", 0, false);
    run("flush_begins", 0, false); // it will find the turn over, and leave it out
    assertEquals(List.of(new Told(0, 0)), tell(0, true));
  }

  private List<Told> tell(int againMeanwhile, boolean end) throws AgentException {
    run("tell", againMeanwhile, end);
    List<Told> all = new ArrayList<>();
    ring.drain(
        (b, at, length) ->
            all.add(
                new Told(
                    b.getInt(at + RecordLayout.TURN), b.getInt(at + RecordLayout.RETRANSMITS))));
    return all;
  }

  private void run(String program, int againMeanwhile, boolean end) throws AgentException {
    told.putInt(0, againMeanwhile);
    told.putInt(4, end ? 1 : 0);
    new TestRun(object.program(program)).run(told, TOLD_BYTES);
  }
}
