package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Access log entries as 35 sidecars without an agent send them: a client calls productpage, which
 * calls details and reviews, which calls ratings. Each call is told by both sidecars, in the order
 * in which they end.
 */
final class MeshEntries {
  /** Calls of one request. */
  static final int HOPS = 4;

  private static final int PODS_PER_SERVICE = 7;
  private static final int CONNECTIONS_PER_POD = 8;
  private static final String[] SERVICES = {
    "client", "productpage", "details", "reviews", "ratings"
  };
  private static final int[][] CALLS = {{1}, {2, 3}, {}, {4}, {}};
  private static final String[] PATHS = {"/", "/productpage", "/details/7", "/reviews/7", "/rate"};

  private final Random random = new Random(23);
  private final Proxy[][] proxies = new Proxy[SERVICES.length][PODS_PER_SERVICE];
  private final boolean sharedIds;

  /**
   * @param sharedIds whether apps forward the request id; else each call has one of its own
   */
  MeshEntries(boolean sharedIds) {
    this.sharedIds = sharedIds;
    for (int s = 0; s < SERVICES.length; s++) {
      for (int p = 0; p < PODS_PER_SERVICE; p++) {
        proxies[s][p] = proxy(s, p);
      }
    }
  }

  /** The eight entries of one request. */
  List<SidecarSpan> request(long startWallNanos) {
    List<SidecarSpan> entries = new ArrayList<>(2 * HOPS);
    call(0, random.nextInt(PODS_PER_SERVICE), 1, startWallNanos, id(), entries);
    return entries;
  }

  private long call(int from, int pod, int to, long start, String id, List<SidecarSpan> out) {
    int server = random.nextInt(PODS_PER_SERVICE);
    long toUpstream = micros(150);
    long away = micros(60);
    long toApp = micros(120);
    long app = micros(300);
    long serverStart = start + toUpstream + away;
    for (int callee : CALLS[to]) {
      String own = sharedIds ? id : id();
      app += call(to, server, callee, serverStart + toApp + app, own, out);
    }
    Endpoint between =
        Endpoint.parse(
            ip(from, pod), 32_768 + server * 64 + to * 8 + random.nextInt(CONNECTIONS_PER_POD));
    Endpoint local = Endpoint.parse(ip(to, server), 9080);
    Endpoint caller = Endpoint.parse(ip(from, pod), 40_000 + random.nextInt(8));
    Endpoint vip = Endpoint.parse("10.96.0." + to, 9080);
    Endpoint inside = Endpoint.parse("127.0.0.6", 35_000 + random.nextInt(64));
    long inServer = toApp + app;
    out.add(
        span(
            proxies[to][server],
            new SidecarSpan.Addresses(between, between, local, inside, local),
            request(id, to, "inbound|9080||", "spiffe://cluster.local/ns/default/sa/" + from),
            serverStart,
            times(toApp, inServer)));
    long inClient = toUpstream + 2 * away + inServer + micros(40);
    String cluster = "outbound|9080||" + SERVICES[to] + ".default.svc.cluster.local";
    out.add(
        span(
            proxies[from][pod],
            new SidecarSpan.Addresses(caller, caller, vip, between, local),
            request(id, to, cluster, ""),
            start,
            times(toUpstream, inClient)));
    return inClient + 40 * Nanos.PER_MICRO;
  }

  private static SidecarSpan span(
      Proxy proxy,
      SidecarSpan.Addresses addresses,
      SidecarSpan.Request request,
      long start,
      SidecarSpan.Times times) {
    return new SidecarSpan(
        proxy,
        "http",
        SidecarSpan.Kind.END,
        SidecarSpan.Protocol.HTTP1,
        start,
        times,
        addresses,
        request,
        new SidecarSpan.Outcome(200, "via_upstream", 0, "", 1),
        new SidecarSpan.WireBytes(410, 3_180, 3_150, 640));
  }

  private static SidecarSpan.Times times(long sent, long answered) {
    long micro = Nanos.PER_MICRO;
    return new SidecarSpan.Times(
        45 * micro,
        sent,
        sent + micro,
        answered,
        answered + 20 * micro,
        answered + 5 * micro,
        answered + 23 * micro,
        answered + 28 * micro);
  }

  private static SidecarSpan.Request request(String id, int to, String cluster, String peer) {
    String host = SERVICES[to] + ":9080";
    return new SidecarSpan.Request(
        id, id, "", "GET", host, PATHS[to], "default", cluster, peer, 0, -1);
  }

  private static Proxy proxy(int service, int pod) {
    String name = SERVICES[service] + "-v1-" + pod;
    return new Proxy(
        "sidecar~" + ip(service, pod) + "~" + name + ".default~default.svc.cluster.local",
        Proxy.Kind.SIDECAR,
        List.of(ip(service, pod)),
        "default",
        name,
        SERVICES[service] + "-v1",
        "Kubernetes",
        "1.40.0");
  }

  private static String ip(int service, int pod) {
    return "10.0." + (1 + service) + "." + (10 + pod);
  }

  private long micros(int from) {
    return (from + random.nextInt(from)) * Nanos.PER_MICRO;
  }

  private String id() {
    return new java.util.UUID(random.nextLong(), random.nextLong()).toString();
  }
}
