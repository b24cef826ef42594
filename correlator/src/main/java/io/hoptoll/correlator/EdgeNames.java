package io.hoptoll.correlator;

import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * One {@link Edge} for all hops between two workloads, in tables of fixed size that forget by
 * writing over: names are put together once for two proxies, not for every hop, and who has an edge
 * as a key finds it by the object. By the proxies' objects, which all entries of one stream share.
 */
final class EdgeNames {
  private static final int PLACES = 4_096;

  private record Named(Proxy client, Proxy server, Edge edge) {}

  private final @Nullable Named[] named = new Named[PLACES];
  private final @Nullable Edge[] edges = new Edge[PLACES];

  Edge of(Hop hop) {
    HalfHop client = hop.client();
    HalfHop server = hop.server();
    if (client == null || server == null) {
      return shared(Edge.of(hop)); // what was asked for names it, too
    }
    Proxy from = client.span().proxy();
    Proxy to = server.span().proxy();
    int place = place(from, to);
    Named known = named[place];
    if (known == null || known.client() != from || known.server() != to) {
      known = new Named(from, to, shared(Edge.of(hop)));
      named[place] = known;
    }
    return known.edge();
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
