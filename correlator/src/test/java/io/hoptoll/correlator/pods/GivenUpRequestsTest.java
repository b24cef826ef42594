package io.hoptoll.correlator.pods;

import static io.hoptoll.correlator.pods.Reports.IP;
import static io.hoptoll.correlator.pods.Reports.NETNS;
import static io.hoptoll.correlator.pods.Reports.namespace;
import static io.hoptoll.correlator.pods.Reports.process;
import static io.hoptoll.correlator.pods.Reports.tuple;
import static io.hoptoll.correlator.pods.Reports.turn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SocketTuple;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sidecar's calls of its app that it gave up on. Instants in ms. */
class GivenUpRequestsTest {
  private static final int APP = 41;
  private static final int ENVOY = 43;
  private static final SocketTuple CALLING = tuple("127.0.0.6", 40_001, IP, 9_080);
  private static final SocketTuple SERVING = CALLING.reversed();

  private final PodTraffic traffic = new PodTraffic();
  private long now = 20 * Nanos.PER_SECOND;

  @BeforeEach
  void namePod() {
    traffic.namespace(namespace(NETNS, IP, "127.0.0.1"));
    traffic.running(process(APP, "node", "", ""), now);
    traffic.running(process(ENVOY, "envoy", "", ""), now);
    traffic.tick(now);
  }

  /** It takes 1.5 s, its callers give up after 1.2 s: it has read them all the same. */
  @Test
  void whatTheAppReadAndAnsweredTooLateItHadRead() {
    call(0, Exchange.FLUSHED, 200);
    serve(1, Nanos.UNSET, Exchange.FLUSHED, 201);
    call(0, Exchange.CLOSED, 1_200);
    serve(1, 1_500, Exchange.CLOSED, 1_500);
    Unanswered call =
        traffic.unanswered().stream().filter(Unanswered::isClient).findFirst().orElseThrow();
    assertTrue(call.isRead());
    assertEquals(APP, call.peerTgid());
  }

  /** No access log tells of it yet: until one does, that it hung is not forgotten. */
  @Test
  void whatWasAnsweredAtLastIsToldForAWhile() {
    call(0, Exchange.FLUSHED, 200);
    answer(4_000);
    assertEquals(4 * Nanos.PER_SECOND, only().ageNanos());
    now += Limits.ANSWERED_LATE_NANOS;
    traffic.tick(now);
    assertEquals(List.of(), traffic.unanswered());
  }

  @Test
  void whatWasAnsweredSoonIsForgotten() {
    call(0, Exchange.FLUSHED, 200);
    answer(400);
    assertEquals(List.of(), traffic.unanswered());
  }

  @Test
  void whatItDidNotReadItHadNot() {
    serve(-500, Nanos.UNSET, Exchange.FLUSHED, -300); // the request before
    call(0, Exchange.FLUSHED, 200);
    serve(-500, -100, 0, 201);
    call(0, Exchange.CLOSED, 1_200);
    assertFalse(only().isRead());
  }

  /** Nobody hung: the sidecar did not look at the answer any more. */
  @Test
  void whatTheAppHadAnsweredIsNotOneThatItDidNot() {
    call(0, Exchange.FLUSHED, 200);
    serve(1, 700, Exchange.FLUSHED, 900);
    call(0, Exchange.CLOSED, 1_200);
    assertEquals(List.of(), traffic.unanswered());
  }

  /** Ports are used again: a WebSocket had this one a while ago. */
  @Test
  void anUpgradeIsForgotten() {
    traffic.span(span(200));
    traffic.span(span(101));
    call(0, Exchange.FLUSHED, 200);
    assertFalse(only().isRequest());
    now += Limits.GIVEN_UP_NANOS;
    traffic.tick(now);
    assertTrue(only().isRequest());
  }

  private Unanswered only() {
    List<Unanswered> all = traffic.unanswered();
    assertEquals(1, all.size(), all::toString);
    return all.get(0);
  }

  private void call(long asked, int flags, long told) {
    report(1, ENVOY, Role.CONNECT, CALLING, flags, asked, Nanos.UNSET, told);
  }

  private void answer(long answered) {
    report(1, ENVOY, Role.CONNECT, CALLING, 0, 0, answered, answered);
  }

  private void serve(long asked, long answered, int flags, long told) {
    report(2, APP, Role.ACCEPT, SERVING, flags, asked, answered, told);
  }

  private void report(
      long socket,
      int process,
      Role role,
      SocketTuple tuple,
      int flags,
      long asked,
      long answered,
      long told) {
    long begin = now - 5 * Nanos.PER_SECOND;
    long from = begin + asked * Nanos.PER_MILLI;
    long to = Nanos.isSet(answered) ? begin + answered * Nanos.PER_MILLI : Nanos.UNSET;
    long after = (told - asked) * Nanos.PER_MILLI;
    traffic.exchange(turn(socket, 0, process, role, tuple, flags, from, to, after), now);
  }

  private static SidecarSpan span(int code) {
    return new SidecarSpan(
        new Proxy("sidecar~" + IP, Proxy.Kind.SIDECAR, List.of(IP), "", "", "", "", ""),
        "http",
        SidecarSpan.Kind.END,
        SidecarSpan.Protocol.HTTP1,
        1,
        new SidecarSpan.Times(0, 0, 0, 0, 0, 0, 0, 0),
        new SidecarSpan.Addresses(
            Endpoint.NONE, Endpoint.NONE, Endpoint.NONE, CALLING.local(), CALLING.remote()),
        new SidecarSpan.Request("", "", "", "GET", "", "/", "", "", "", 1, -1),
        new SidecarSpan.Outcome(code, "", 0, "", 1),
        new SidecarSpan.WireBytes(1, 1, 1, 1));
  }
}
