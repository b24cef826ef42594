package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;

/** Whether two halves of one connection can be the two sides of one hop. */
final class HopMatch {
  /** How far two nodes' wall clocks are expected to differ: NTP keeps them closer. */
  private static final long WALL_SLACK_NANOS = 100 * Nanos.PER_MILLI;

  private HopMatch() {}

  static boolean matches(HalfHop client, HalfHop server) {
    long clientId = client.span().requestHash();
    long serverId = server.span().requestHash();
    if (clientId != 0 && serverId != 0 && clientId != serverId) {
      return false;
    }
    if (!sameServer(client, server) || !sameKind(client.span(), server.span())) {
      return false;
    }
    Exchange up = client.upstream();
    Exchange down = server.downstream();
    if (up != null && down != null && up.has(Exchange.SHARED) && down.has(Exchange.SHARED)) {
      return StreamEnds.sameBytes(up, down) && sameAnswer(client, server);
    }
    if (sameClock(client, server)) {
      return contains(client, server);
    }
    if (up == null
        || down == null
        || up.has(Exchange.MIDWAY)
        || down.has(Exchange.MIDWAY)
        || up.has(Exchange.SHARED) != down.has(Exchange.SHARED)) {
      return true; // no turns to compare
    }
    return up.turn() == down.turn();
  }

  /** What the client passed on is what the server said: tells a failed attempt from the last. */
  private static boolean sameAnswer(HalfHop client, HalfHop server) {
    SidecarSpan.Outcome passed = client.span().outcome();
    int said = server.span().outcome().code();
    return !passed.details().equals("via_upstream") || said == 0 || said == passed.code();
  }

  /** Of TCP a turn is one hop, and the failure of its connection another. */
  private static boolean sameKind(SidecarSpan client, SidecarSpan server) {
    boolean isTcp = client.protocol() == SidecarSpan.Protocol.TCP;
    return !isTcp || client.isError() == server.isError();
  }

  /** The client dialled this server's address (a proxy that hides addresses says nothing). */
  private static boolean sameServer(HalfHop client, HalfHop server) {
    Endpoint dialled = client.span().upstreamRemote();
    Endpoint own = server.span().downstreamLocal();
    return !dialled.isSet() || !own.isSet() || dialled.isSameHost(own);
  }

  /**
   * The server's span began after the client wrote this request and before it had its answer. Of a
   * connection that was not known to be HTTP/2 a turn may be a later part of the request.
   */
  private static boolean contains(HalfHop client, HalfHop server) {
    Exchange up = client.upstream();
    boolean isStream = server.span().protocol() == SidecarSpan.Protocol.HTTP2;
    long sent =
        up == null || isStream && !up.has(Exchange.SHARED)
            ? client.at(client.span().firstUpstreamTxNanos())
            : up.marks().sendFirstNanos();
    long from = Nanos.isSet(sent) ? sent : client.startNanos();
    return server.startNanos() >= from - Nanos.PER_MICRO
        && server.startNanos() <= client.endNanos();
  }

  static boolean sameClock(HalfHop a, HalfHop b) {
    return !a.node().isEmpty() && a.node().equals(b.node());
  }

  static long distance(HalfHop client, HalfHop server) {
    return Math.abs(server.startNanos() - client.startNanos());
  }

  /** One request id, from the client's pod, within its request's time: one of its attempts. */
  static boolean mayOwn(HalfHop client, HalfHop attempt) {
    return mayOwn(client.span(), attempt.span())
        && (!sameClock(client, attempt) || within(client, attempt));
  }

  /** By what the two entries say; two nodes' wall clocks may differ by a little. */
  static boolean mayOwn(SidecarSpan client, SidecarSpan attempt) {
    Endpoint pod = client.upstreamLocal();
    long late = attempt.startWallNanos() - client.startWallNanos();
    return attempt.downstreamDirectRemote().isSameHost(pod)
        && client.requestId().equals(attempt.requestId())
        && late > -WALL_SLACK_NANOS
        && late < client.durationNanos() + WALL_SLACK_NANOS;
  }

  private static boolean within(HalfHop client, HalfHop server) {
    return server.startNanos() >= client.startNanos() && server.startNanos() <= client.endNanos();
  }
}
