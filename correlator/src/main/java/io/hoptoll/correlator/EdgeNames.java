package io.hoptoll.correlator;

import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * One {@link Edge} for all hops between two proxies, in a table of fixed size that forgets by
 * writing over: names are put together once, not for every hop. By the proxies' objects, which all
 * entries of one stream share.
 */
final class EdgeNames {
  private static final int PLACES = 4_096;

  private record Named(Proxy client, Proxy server, Edge edge) {}

  private final @Nullable Named[] named = new Named[PLACES];

  Edge of(Hop hop) {
    HalfHop client = hop.client();
    HalfHop server = hop.server();
    if (client == null || server == null) {
      return Edge.of(hop); // what was asked for names it, too
    }
    Proxy from = client.span().proxy();
    Proxy to = server.span().proxy();
    int place = place(from, to);
    Named known = named[place];
    if (known == null || known.client() != from || known.server() != to) {
      known = new Named(from, to, Edge.of(hop));
      named[place] = known;
    }
    return known.edge();
  }

  private static int place(Proxy from, Proxy to) {
    int hash = 31 * System.identityHashCode(from) + System.identityHashCode(to);
    hash *= 0x9E37_79B9;
    return hash >>> 16 & PLACES - 1;
  }
}
