package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Outcome;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the entry of a proxied TCP connection says of one of its turns. Such an entry has no timings
 * but start and duration of the connection: it gives who and where, the sockets give when.
 */
final class TcpSpans {
  private static final SidecarSpan.WireBytes NO_BYTES =
      new SidecarSpan.WireBytes(Nanos.UNSET, Nanos.UNSET, Nanos.UNSET, Nanos.UNSET);
  private static final Outcome ANSWERED = new Outcome(0, "", 0, "", 0);

  private TcpSpans() {}

  /**
   * @param offsetNanos from the connection's start to the turn's
   */
  static SidecarSpan turn(SidecarSpan entry, long offsetNanos, long durationNanos) {
    return span(entry, offsetNanos, durationNanos, ANSWERED, NO_BYTES);
  }

  /** The failure of a connection, at its end; with the bytes of all its life. */
  static SidecarSpan failure(SidecarSpan entry) {
    long duration = entry.durationNanos();
    return span(entry, 0, Nanos.isSet(duration) ? duration : 0, entry.outcome(), entry.bytes());
  }

  /** A connection that had answers before it failed: nobody waited for as long as it lived. */
  static boolean isLifetime(SidecarSpan span) {
    return span.protocol() == SidecarSpan.Protocol.TCP
        && span.isError()
        && span.bytes().downstreamSent() > 0;
  }

  private static SidecarSpan span(
      SidecarSpan entry,
      long offsetNanos,
      long durationNanos,
      Outcome outcome,
      SidecarSpan.WireBytes bytes) {
    return new SidecarSpan(
        entry.proxy(),
        entry.logName(),
        SidecarSpan.Kind.END,
        SidecarSpan.Protocol.TCP,
        entry.startWallNanos() + offsetNanos,
        times(durationNanos),
        entry.addresses(),
        request(entry),
        outcome,
        bytes);
  }

  private static SidecarSpan.Times times(long durationNanos) {
    long no = Nanos.UNSET;
    return new SidecarSpan.Times(no, no, no, no, no, no, no, durationNanos);
  }

  /** Without ids: the stream's is this Envoy's own, and the same for all turns. */
  private static SidecarSpan.Request request(SidecarSpan entry) {
    SidecarSpan.Request r = entry.request();
    return new SidecarSpan.Request(
        "", "", "", "TCP", "", path(entry), "", r.upstreamCluster(), r.peerSan(), 0, -1);
  }

  /** {@code tcp:reviews:9090}; of another namespace {@code tcp:reviews.shop:9090}. */
  static String path(SidecarSpan entry) {
    SidecarSpan.Addresses a = entry.addresses();
    List<String> cluster = List.of(entry.request().upstreamCluster().split("\\|", -1));
    if (cluster.size() == 4 && !cluster.get(3).isEmpty()) {
      return "tcp:" + name(cluster.get(3), entry.proxy().namespace()) + ":" + cluster.get(1);
    }
    if (entry.isInbound() && !entry.proxy().workload().isEmpty()) {
      return "tcp:" + entry.proxy().workload() + ":" + a.downstreamLocal().port();
    }
    Endpoint asked = a.upstreamRemote().isSet() ? a.upstreamRemote() : a.downstreamLocal();
    return "tcp:" + asked;
  }

  private static String name(String host, String ownNamespace) {
    int svc = host.indexOf(".svc.");
    String name = svc > 0 ? host.substring(0, svc) : host;
    String near = "." + ownNamespace;
    return svc > 0 && name.endsWith(near) ? name.substring(0, name.length() - near.length()) : name;
  }

  /** Its entry tells of a failure; that a peer closed it is none. */
  static boolean isFailure(SidecarSpan entry) {
    return Stream.concat(FailureRule.AT_CLIENT.stream(), FailureRule.AT_SERVER.stream())
        .anyMatch(r -> r.cause() != Cause.CLIENT_ABORT && r.appliesTo(entry));
  }
}
