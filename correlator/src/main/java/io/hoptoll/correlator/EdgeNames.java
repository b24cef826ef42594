package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Latest;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One {@link Edge} for all hops between two workloads, in tables of fixed size that forget by
 * writing over: names are put together once for two proxies, not for every hop, and who has an edge
 * as a key finds it by the object. By the proxies' objects, which all entries of one stream share.
 *
 * <p>A call whose server has no entry (its connection was reset, or never stood) has the name that
 * calls to the same address had, as long as one of them was told by both.
 */
final class EdgeNames {
  private static final int PLACES = 4_096;

  /**
   * An endpoint of a service: addresses of pods that are gone come back as other services'.
   *
   * @param cluster of the caller's Envoy
   */
  private record Address(Endpoint endpoint, String cluster) {
    boolean is(SidecarSpan client) {
      return endpoint.equals(client.upstreamRemote()) && cluster.equals(client.upstreamCluster());
    }

    static Address of(SidecarSpan client) {
      return new Address(client.upstreamRemote(), client.upstreamCluster());
    }
  }

  private record Named(Proxy client, Proxy server, Address address, Edge edge) {}

  private final @Nullable Named[] named = new Named[PLACES];
  private final @Nullable Edge[] edges = new Edge[PLACES];

  /** Names of the servers at addresses that they themselves were called by. */
  private final Map<Address, String> servers = Latest.used(Limits.NAMESPACES);

  Edge of(Hop hop) {
    HalfHop client = hop.client();
    HalfHop server = hop.server();
    if (client == null) {
      return shared(Edge.of(hop));
    }
    return server == null ? ofLone(client, Edge.of(hop)) : of(client.span(), server.span(), hop);
  }

  private Edge of(SidecarSpan client, SidecarSpan server, Hop hop) {
    Proxy from = client.proxy();
    Proxy to = server.proxy();
    int place = place(from, to);
    Named known = named[place];
    if (known == null
        || known.client() != from
        || known.server() != to
        || !known.address().is(client)) {
      known = new Named(from, to, Address.of(client), shared(Edge.of(hop)));
      named[place] = known;
      // else it is a virtual address, behind which are several
      if (client.upstreamRemote().equals(server.downstreamLocal())) {
        servers.put(known.address(), known.edge().server());
      }
    }
    return known.edge();
  }

  /** What was asked for names it, where nobody is known at the address. */
  private Edge ofLone(HalfHop client, Edge asked) {
    boolean isSent = client.span().upstreamRemote().isSet();
    String server = isSent ? servers.get(Address.of(client.span())) : null;
    return shared(server == null ? asked : new Edge(asked.client(), server));
  }

  private Edge shared(Edge edge) {
    int place = place(edge.hashCode());
    Edge known = edges[place];
    if (known == null || !known.equals(edge)) {
      known = edge;
      edges[place] = edge;
    }
    return known;
  }

  private static int place(Proxy from, Proxy to) {
    return place(31 * System.identityHashCode(from) + System.identityHashCode(to));
  }

  private static int place(int hash) {
    return hash * 0x9E37_79B9 >>> 16 & PLACES - 1;
  }
}
