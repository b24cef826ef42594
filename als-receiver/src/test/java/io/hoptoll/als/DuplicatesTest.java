package io.hoptoll.als;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Kind;
import io.hoptoll.model.SidecarSpan.Protocol;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DuplicatesTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Duplicates duplicates = new Duplicates(nanos::get);
  private final SidecarSpan request = RecordedEntries.spans("http-mtls").get(0);
  private final SidecarSpan connection = RecordedEntries.spans("tcp-intermediate").get(2);
  private final LogSource http = duplicates.source(request.proxy(), "hoptoll", true);
  private final LogSource tcp = duplicates.source(request.proxy(), "hoptoll-tcp", false);

  @Test
  void oneOfTwoLogsPassesInEitherOrder() {
    assertFalse(duplicates.isDuplicate(connection, http));
    assertTrue(duplicates.isDuplicate(connection, tcp));
    SidecarSpan other = startedLater(connection, 1_000);
    assertFalse(duplicates.isDuplicate(other, tcp));
    assertTrue(duplicates.isDuplicate(other, http));
  }

  @Test
  void repeatsOfTheSameLogAreRequestsOfTheirOwn() {
    assertFalse(duplicates.isDuplicate(request, http));
    assertFalse(duplicates.isDuplicate(request, http), "an app that reuses its request id");
  }

  @Test
  void retriesWithOneIdPass() {
    List<SidecarSpan> spans = RecordedEntries.spans("upstream-log");
    long attemptsAtTheServer = 0;
    for (SidecarSpan span : spans) {
      LogSource log = duplicates.source(span.proxy(), span.logName(), true);
      assertFalse(duplicates.isDuplicate(span, log), span.toString());
      attemptsAtTheServer += span.isInbound() ? 1 : 0;
    }
    assertEquals(3, attemptsAtTheServer);
    assertEquals(2, spans.stream().map(s -> s.request().streamId()).distinct().count());
  }

  @Test
  void sameIdAtAnotherStartOrAnotherProxyPasses() {
    assertFalse(duplicates.isDuplicate(request, http));
    assertFalse(duplicates.isDuplicate(startedLater(request, 1_000), tcp));
    Proxy other = new Proxy("other", Proxy.Kind.OTHER, List.of(), "", "other", "other", "", "");
    assertFalse(
        duplicates.isDuplicate(by(request, other), duplicates.source(other, "hoptoll-tcp", false)));
  }

  @Test
  void tcpLogThatDoublesTheHttpLogLosesFromThenOn() {
    assertFalse(duplicates.isDuplicate(request, tcp), "nobody knows yet that a better one comes");
    assertTrue(duplicates.isDuplicate(request, http));
    SidecarSpan next = startedLater(request, 5_000);
    assertTrue(duplicates.isDuplicate(next, tcp), "the worse report, though first");
    assertFalse(duplicates.isDuplicate(next, http), "the better report");
    assertFalse(
        duplicates.isDuplicate(startedLater(connection, 5_000), tcp), "connections are not worse");
  }

  @Test
  void tcpLogIsTrustedAgainWhenTheHttpLogIsGone() {
    duplicates.isDuplicate(request, http);
    duplicates.isDuplicate(request, tcp);
    assertTrue(duplicates.isDuplicate(startedLater(request, 1_000), tcp));
    nanos.addAndGet(Limits.DOUBLE_LOG_MEMORY.toNanos() + 1);
    assertFalse(duplicates.isDuplicate(startedLater(request, 2_000), tcp));
  }

  @Test
  void copiesAreForgottenAfterTheWait() {
    assertFalse(duplicates.isDuplicate(connection, http));
    nanos.addAndGet(Limits.COPY_WAIT.toNanos() + 1);
    assertFalse(duplicates.isDuplicate(connection, tcp));
  }

  @Test
  void ofALogThatIsAloneNothingIsRememberedUntilAnotherSpeaks() {
    assertFalse(duplicates.isDuplicate(connection, http));
    nanos.addAndGet(Limits.COPY_WAIT.toNanos());
    SidecarSpan alone = startedLater(connection, 1_000);
    assertFalse(duplicates.isDuplicate(alone, http));
    assertFalse(duplicates.isDuplicate(alone, tcp), "the first of another log, once");
    SidecarSpan next = startedLater(connection, 2_000);
    assertFalse(duplicates.isDuplicate(next, http));
    assertTrue(duplicates.isDuplicate(next, tcp));
  }

  private static SidecarSpan startedLater(SidecarSpan s, long nanos) {
    return copy(s, s.proxy(), s.startWallNanos() + nanos, s.kind(), s.protocol());
  }

  private static SidecarSpan by(SidecarSpan s, Proxy proxy) {
    return copy(s, proxy, s.startWallNanos(), s.kind(), s.protocol());
  }

  private static SidecarSpan copy(
      SidecarSpan s, Proxy proxy, long start, Kind kind, Protocol protocol) {
    return new SidecarSpan(
        proxy,
        s.logName(),
        kind,
        protocol,
        start,
        s.times(),
        s.addresses(),
        s.request(),
        s.outcome(),
        s.bytes());
  }
}
