package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Cause;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Nanos;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An app of whose requests some take much longer, as those that miss a cache or find a connection
 * closed: as many as ever are no fault, whatever chance puts into one second or the next.
 */
class RareSlowTest {
  private static final String PATH = "/reviews";
  private static final long BEGIN = 10_000;
  private static final int PAST = 110;
  private static final int RANGE = 10;
  private static final int ASKS = 60;

  private final HalfHop client = Change.client(World.steady("id"));
  private final HalfHop server = Change.server(World.steady("id"));
  private final Ledger.Draft draft = new Ledger.Draft();

  @ParameterizedTest
  @CsvSource({"12, 0.1", "12, 0.05", "12, 0.02", "40, 0.1", "40, 0.03", "150, 0.01", "6, 0.3"})
  void asManyAsEverAreNoFault(int perSecond, double share) {
    int alarms = 0;
    for (int seed = 0; seed < ASKS; seed++) {
      Verdict verdict = verdict(seed, perSecond, share, share, 0);
      alarms += verdict.status() == Verdict.Status.DEGRADED ? 1 : 0;
    }
    assertTrue(alarms <= 1, "alarms: " + alarms + " of " + ASKS);
  }

  @ParameterizedTest
  @CsvSource({"12, 0.02, 0.3", "40, 0.03, 0.25", "150, 0, 0.05", "150, 0.01, 0.1", "12, 0, 0.2"})
  void moreThanUsualAreOne(int perSecond, double usual, double now) {
    for (int seed = 0; seed < 10; seed++) {
      assertIsServiceTime(verdict(seed, perSecond, usual, now, 0));
    }
  }

  /** Nor do they hide what all take longer. */
  @ParameterizedTest
  @CsvSource({"40, 0.05, 15", "12, 0.1, 24", "12, 0.02, 20"})
  void allSlowerIsOne(int perSecond, double share, int millisMore) {
    for (int seed = 0; seed < 10; seed++) {
      assertIsServiceTime(verdict(seed, perSecond, share, share, millisMore));
    }
  }

  /** Half a minute, once: whoever takes a second now is slow. */
  @Test
  void oneThatTookVeryLongHidesNothing() {
    Windows windows = new Windows(new JoinCounters());
    for (int second = 0; second < PAST + 3; second++) {
      for (int i = 0; i < 12; i++) {
        boolean isOnce = second == PAST / 2 && i == 0;
        request(windows, isOnce ? 30_000 : second < PAST ? 30 : 900, BEGIN + second);
      }
      windows.tick((BEGIN + second + 1) * Nanos.PER_SECOND);
    }
    assertIsServiceTime(diagnosed(windows, BEGIN + PAST));
  }

  /** One busy second leaves the few requests of the others a norm of their own. */
  @Test
  void thePathWasBusyOnce() {
    Windows windows = new Windows(new JoinCounters());
    for (int second = 0; second < 16; second++) {
      for (int i = 0; i < (second == 0 ? 1_000 : 6); i++) {
        request(windows, second < 6 ? 30 : 90, BEGIN + second);
      }
      windows.tick((BEGIN + second + 1) * Nanos.PER_SECOND);
    }
    assertIsServiceTime(diagnosed(windows, BEGIN + 6));
  }

  private static void assertIsServiceTime(Verdict verdict) {
    assertEquals(Verdict.Status.DEGRADED, verdict.status(), verdict::headline);
    assertEquals(Cause.APP_SERVICE_TIME, verdict.findings().get(0).cause(), verdict::headline);
  }

  /** By a service of 30 ms, of which a share of the requests takes 150 ms. */
  private Verdict verdict(int seed, int perSecond, double usual, double now, int millisMore) {
    Random random = new Random(seed);
    Windows windows = new Windows(new JoinCounters());
    for (int second = 0; second < PAST + RANGE; second++) {
      boolean isPast = second < PAST;
      for (int i = 0; i < perSecond; i++) {
        boolean isSlow = random.nextDouble() < (isPast ? usual : now);
        double millis = (isSlow ? 150 : 30) * (1 + 0.1 * random.nextGaussian());
        request(windows, millis + (isPast ? 0 : millisMore), BEGIN + second);
      }
      windows.tick((BEGIN + second + 1) * Nanos.PER_SECOND);
    }
    return diagnosed(windows, BEGIN + PAST);
  }

  private static Verdict diagnosed(Windows windows, long from) {
    Against past = Against.past(BEGIN, from);
    return new Diagnosis(windows, Sensitivity.DEFAULT)
        .diagnose(new Diagnosis.Query(PATH, from, from + RANGE, past, -1, Hanging.Live.NONE), 1);
  }

  private void request(Windows windows, double millis, long second) {
    long nanos = Math.max(1, (long) (millis * Nanos.PER_MILLI));
    draft.begin();
    draft.leg(LegKind.SERVER_APP_SERVICE.bit(), nanos);
    Ledger ledger = draft.balanced(World.NODE, 0, nanos, "all of it", List.of(), null);
    PathNode root = new PathNode(new Hop(client, server, List.of(), ledger));
    Charges charges = new Charges();
    charges.add(root.edge(), LegKind.SERVER_APP_SELF.bit(), nanos);
    windows.request(PATH, root, charges, second * Nanos.PER_SECOND);
  }
}
