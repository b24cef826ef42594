package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.ClockOffset;
import io.hoptoll.model.Nanos;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two clocks whose difference is known to the test alone. */
class NodeOffsetsTest {
  private static final long SECOND = Nanos.PER_SECOND;

  private final JoinCounters counters = new JoinCounters();
  private final NodeOffsets offsets = new NodeOffsets(counters);
  private long ahead;
  private double rate;

  /** By how much b's clock is ahead of a's. */
  private long truth(long nanos) {
    return ahead + Math.round(rate * nanos);
  }

  /** A call at a's time, from a to b or back, whose ways took so long. */
  private void call(boolean fromA, long nanos, long there, long back) {
    long served = 5 * Nanos.PER_MILLI;
    if (fromA) {
      long arrived = nanos + there + truth(nanos + there);
      long answered = nanos + there + served + truth(nanos + there + served);
      long done = nanos + there + served + back;
      offsets.add("a", "b", nanos, arrived, answered - done, arrived - nanos);
    } else {
      long sent = nanos + truth(nanos);
      long done = nanos + there + served + back;
      long doneThere = done + truth(done);
      long arrived = nanos + there;
      long answered = nanos + there + served;
      offsets.add("b", "a", sent, arrived, answered - doneThere, arrived - sent);
    }
  }

  private ClockOffset at(long nanos) {
    return offsets.at("a", "b", nanos, nanos + truth(nanos));
  }

  private void assertInside(long nanos) {
    ClockOffset said = at(nanos);
    assertTrue(said.isKnown());
    long error = Math.abs(said.nanos() - truth(nanos));
    assertTrue(error <= said.boundNanos(), () -> error + " > " + said);
  }

  @ParameterizedTest
  @CsvSource({
    "3000000000, 0",
    "-3000000000, 40e-6",
    "3000000000, -80e-6",
    "100000000000000000, 55e-6",
    "1, -1e-6"
  })
  void theTruthIsInsideTheBoundWhateverTheOrder(long by, double drift) {
    ahead = by;
    rate = drift;
    Random random = new Random(7);
    List<Long> times = new ArrayList<>();
    for (long t = 0; t < 300 * SECOND; t += 1 + random.nextInt(100_000_000)) {
      times.add(t);
    }
    for (int i = 0; i + 20 < times.size(); i += 20) {
      Collections.shuffle(times.subList(i, i + 20), random);
    }
    for (long t : times) {
      long there = 30_000 + random.nextInt(3) * random.nextInt(20_000_000);
      long back = 30_000 + random.nextInt(3) * random.nextInt(20_000_000);
      call(random.nextBoolean(), t, there, back);
      assertInside(t);
    }
    ClockOffset end = at(300 * SECOND);
    assertTrue(end.boundNanos() < 100_000, end::toString);
    assertEquals(0, counters.get(Count.NODE_CLOCK_MOVED));
  }

  /** What makes NTP's answer wrong by half: one way became slow, and stays so. */
  @Test
  void aDelayOnOneWayIsSeenForAMinute() {
    ahead = -3 * SECOND;
    rate = 60e-6;
    long t = 0;
    for (; t < 120 * SECOND; t += SECOND / 10) {
      call(true, t, 50_000, 60_000);
    }
    for (long until = t + 60 * SECOND; t < until; t += SECOND / 10) {
      call(true, t, 12_000_000, 60_000);
      assertInside(t);
    }
    ClockOffset after = at(t);
    assertTrue(after.boundNanos() < 3_000_000, after::toString);
  }

  @Test
  void oneWrongPairIsNotBelieved() {
    for (int i = 0; i < 100; i++) {
      call(true, i * SECOND, 50_000, 50_000);
    }
    offsets.add("a", "b", 100 * SECOND, 100 * SECOND, 7 * SECOND, 7 * SECOND + 1_000);
    assertFalse(at(100 * SECOND).isKnown());
    call(true, 101 * SECOND, 50_000, 50_000);

    assertInside(101 * SECOND);
    assertEquals(0, counters.get(Count.NODE_CLOCK_MOVED));
  }

  /** A suspended machine's monotonic clock stood still. */
  @Test
  void aClockThatMovedIsFollowed() {
    for (int i = 0; i < 100; i++) {
      call(i % 2 == 0, i * SECOND, 50_000, 50_000);
    }
    ahead -= 20 * SECOND;
    for (int i = 100; i < 108; i++) {
      assertFalse(i > 100 && at(i * SECOND).isKnown());
      call(i % 2 == 0, i * SECOND, 50_000, 50_000);
    }
    assertInside(108 * SECOND);
    assertEquals(1, counters.get(Count.NODE_CLOCK_MOVED));
  }

  @Test
  void pairsThatCallNoMoreMakeRoom() {
    for (int i = 0; i <= Limits.NODE_PAIRS; i++) {
      offsets.add("a", "n" + i, 0, 0, -10, 10);
    }
    assertFalse(offsets.at("a", "n0", 0, 0).isKnown());
    assertTrue(offsets.at("a", "n1", 0, 0).isKnown());
  }
}
