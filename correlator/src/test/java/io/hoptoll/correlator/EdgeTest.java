package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.UpstreamPool;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EdgeTest {
  private final World.Truth t = World.steady("id");

  @Test
  void bothEntriesNameTheirWorkloads() {
    Edge edge = edge(t.client(), t.server());
    assertEquals("productpage.default → reviews.default", edge.toString());
  }

  @Test
  void aCallerWithoutEntryIsItsIdentity() {
    assertEquals("outside", edge(null, t.server()).client());
    SidecarSpan shown = named(t.server(), "spiffe://cluster.local/ns/shop/sa/cart", "inbound|1||");
    assertEquals("cart.shop", edge(null, shown).client());
  }

  @Test
  void aServerWithoutEntryIsItsClustersHostElseTheAuthority() {
    String cluster = "outbound|9080|v1|reviews.default.svc.cluster.local";
    assertEquals("reviews.default", edge(named(t.client(), "", cluster), null).server());
    assertEquals("reviews:9080", edge(named(t.client(), "", ""), null).server());
    assertEquals("reviews:9080", edge(named(t.client(), "", "inbound|1||"), null).server());
  }

  @Test
  void actorsAreTheEdgesEnds() {
    Edge edge = new Edge("a", "b");
    assertEquals(
        new Actor(Actor.Kind.SIDECAR, "b"), Actor.of(edge, io.hoptoll.model.Party.SERVER_SIDECAR));
    assertEquals(new Actor(Actor.Kind.APP, "a"), Actor.of(edge, io.hoptoll.model.Party.CLIENT_APP));
  }

  private static Edge edge(@Nullable SidecarSpan client, @Nullable SidecarSpan server) {
    HalfHop c = client == null ? null : half(client);
    HalfHop s = server == null ? null : half(server);
    LedgerBuilder ledgers = new LedgerBuilder(new JoinCounters());
    return Edge.of(new Hop(c, s, List.of(), ledgers.build(c, s, List.of())));
  }

  private static HalfHop half(SidecarSpan span) {
    return Change.half(span, World.NODE, null, null, null, null, UpstreamPool.UNKNOWN);
  }

  private static SidecarSpan named(SidecarSpan span, String san, String cluster) {
    SidecarSpan.Request r = span.request();
    assertEquals(Endpoint.parse("10.77.0.12", 9080), span.upstreamRemote());
    return Change.request(
        span,
        new SidecarSpan.Request(
            r.requestId(),
            r.streamId(),
            "",
            r.method(),
            r.authority(),
            r.path(),
            r.routeName(),
            cluster,
            san,
            1,
            -1));
  }
}
