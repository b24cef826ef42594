package io.hoptoll.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.correlator.Correlator;
import io.hoptoll.correlator.JoinCounters;
import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.correlator.Sensitivity;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.HalfHopReport;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Kind;
import io.hoptoll.model.SidecarSpan.Protocol;
import io.hoptoll.model.UpstreamPool;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More entries than the correlator can take: all are accounted for, and what is kept is whole. */
class OverloadTest {
  private static final int HOPS = 1_500_000;

  /** Between the two entries of a hop the level may have changed. */
  private static final int CHANGES_OF_LEVEL = 100;

  private static final Endpoint SERVER = Endpoint.parse("10.0.0.2", 8080);
  private static final SidecarSpan.Times CLIENT_TIMES = times(500_000, 9_000_000, 10_000_000);
  private static final SidecarSpan.Times SERVER_TIMES = times(300_000, 7_000_000, 8_000_000);
  private static final SidecarSpan.Outcome OK =
      new SidecarSpan.Outcome(200, "via_upstream", 0, "", 1);
  private static final SidecarSpan.WireBytes BYTES = new SidecarSpan.WireBytes(100, 200, 100, 200);

  private final Correlator correlator = new Correlator(new Sensitivity(10, 0, Nanos.PER_SECOND));
  private final CorrelatorLoop loop = new CorrelatorLoop(correlator);
  private final ReportedEntries agents = new ReportedEntries(loop);
  private final Proxy client = proxy("client", "10.0.0.1");
  private final Proxy server = proxy("server", "10.0.0.2");

  /** Of the server's entries all come by the receiver, or as half hops of an agent. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyEntryIsJoinedUnmatchedOrShedAndRequestsAreKeptWhole(boolean nodeMode) throws Exception {
    loop.start();
    int highest = 0;
    for (int i = 0; i < HOPS; i++) {
      long start = System.currentTimeMillis() * Nanos.PER_MILLI;
      Endpoint connection = Endpoint.parse("10.0.0.1", 1_024 + i % 60_000);
      offer(span(client, "outbound|8080||server", "r" + i, start, CLIENT_TIMES, connection));
      SidecarSpan served = span(server, "inbound|8080||", "r" + i, start, SERVER_TIMES, connection);
      if (nodeMode) {
        agents.half(half(served));
      } else {
        offer(served);
      }
      highest = Math.max(highest, loop.sheddingLevel());
    }
    settle();
    long in = count(Count.SPANS_IN);
    assertEquals(2L * HOPS, in + loop.shed() + loop.dropped());
    assertTrue(highest > 1 && loop.shed() > 0, "the flood was no flood: level " + highest);
    long joined = count(Count.HOPS_PARTIAL);
    long halves = count(Count.HOPS_HALF);
    long dropped = count(Count.DROPPED_SPANS);
    assertEquals(in, 2 * joined + halves + dropped);
    long lone = loop.dropped() + dropped + CHANGES_OF_LEVEL;
    assertTrue(halves <= lone, halves + " halves, " + lone + " entries that may have left one");
    assertEquals(joined + halves, count(Count.REQUESTS) + count(Count.REQUEST_INCOMPLETE));
    loop.close();
  }

  private void settle() throws InterruptedException {
    do {
      TimeUnit.MILLISECONDS.sleep(200);
    } while (loop.queued() > 0 || loop.ask(this::waiting).join() > 0);
  }

  private int waiting(Correlator c) {
    return c.waiting().values().stream().mapToInt(Integer::intValue).sum();
  }

  private long count(Count count) {
    JoinCounters counters = correlator.counters();
    return counters.get(count);
  }

  private static Proxy proxy(String name, String ip) {
    String node = "sidecar~" + ip + "~" + name + "~default.svc.cluster.local";
    return new Proxy(
        node, Proxy.Kind.SIDECAR, List.of(ip), "default", name, name, "Kubernetes", "1.40.0");
  }

  /** As the receiver does, which asks before it makes a span. */
  private void offer(SidecarSpan span) {
    long hash = span.requestHash();
    if (!loop.leavesOut() || loop.takes(hash, span.startWallNanos())) {
      loop.span(span);
    } else {
      loop.leftOut(1);
    }
  }

  private static HalfHopReport half(SidecarSpan s) {
    HalfHopReport.End none = new HalfHopReport.Absent();
    long start = s.startWallNanos();
    return new HalfHopReport(s, false, "", 0, start, none, none, none, none, UpstreamPool.UNKNOWN);
  }

  private static SidecarSpan span(
      Proxy proxy,
      String cluster,
      String id,
      long start,
      SidecarSpan.Times times,
      Endpoint connection) {
    boolean isClient = cluster.startsWith("outbound");
    Endpoint app = Endpoint.parse(isClient ? "10.0.0.1" : "127.0.0.6", 40_000);
    return new SidecarSpan(
        proxy,
        "log",
        Kind.END,
        Protocol.HTTP1,
        start,
        times,
        new SidecarSpan.Addresses(
            isClient ? app : connection,
            isClient ? app : connection,
            SERVER,
            isClient ? connection : app,
            SERVER),
        new SidecarSpan.Request(
            id, id, "", "GET", "server:8080", "/things", "", cluster, "", 0, -1),
        OK,
        BYTES);
  }

  private static SidecarSpan.Times times(long sent, long answered, long ended) {
    return new SidecarSpan.Times(0, sent, sent, answered, answered, answered, ended, ended);
  }
}
