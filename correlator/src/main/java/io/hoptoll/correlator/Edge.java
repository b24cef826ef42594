package io.hoptoll.correlator;

import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import org.jspecify.annotations.Nullable;

/** One kind of call: from a client workload to a server workload, each {@code name.namespace}. */
public record Edge(String client, String server) {
  static final String OUTSIDE = "outside";

  static Edge of(Hop hop) {
    HalfHop client = hop.client();
    HalfHop server = hop.server();
    return new Edge(
        client != null ? workload(client.span().proxy()) : caller(server),
        server != null ? workload(server.span().proxy()) : called(hop.outer().span()));
  }

  // By hand: it is a key for every hop, and a record's own two are several times slower.
  @Override
  public boolean equals(@Nullable Object o) {
    return o == this || o instanceof Edge e && client.equals(e.client) && server.equals(e.server);
  }

  @Override
  public int hashCode() {
    return 31 * client.hashCode() + server.hashCode();
  }

  @Override
  public String toString() {
    return client + " → " + server;
  }

  /** The same caller's call of the server that an attempt reached. */
  Edge tried(HalfHop attempt) {
    return new Edge(client, workload(attempt.span().proxy()));
  }

  static String workload(Proxy proxy) {
    return proxy.namespace().isEmpty()
        ? proxy.workload()
        : proxy.workload() + "." + proxy.namespace();
  }

  /** A caller without an entry of its own: its SPIFFE identity, if it showed one. */
  private static String caller(@Nullable HalfHop server) {
    String san = server == null ? "" : server.span().peerSan();
    int ns = san.indexOf("/ns/");
    int sa = san.indexOf("/sa/");
    return ns > 0 && sa > ns ? san.substring(sa + 4) + "." + san.substring(ns + 4, sa) : OUTSIDE;
  }

  /**
   * A server without an entry of its own: the host of Envoy's cluster name, else what was asked.
   */
  private static String called(SidecarSpan span) {
    String cluster = span.request().upstreamCluster();
    int host = cluster.lastIndexOf('|');
    String name = host >= 0 && host + 1 < cluster.length() ? cluster.substring(host + 1) : "";
    if (name.isEmpty()) {
      name = span.request().authority();
    }
    int svc = name.indexOf(".svc.");
    return name.isEmpty() ? OUTSIDE : svc > 0 ? name.substring(0, svc) : name;
  }
}
