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

  /** All answers about calls of one pod have one name, also of those that it has no entry of. */
  @Test
  void aServerWithoutEntryIsWhoWasCalledAtItsAddress() {
    EdgeNames names = new EdgeNames();
    String cluster = "outbound|9080||reviews.default.svc.cluster.local";
    SidecarSpan client = named(t.client(), "", cluster);
    assertEquals("reviews.default", names.of(hop(client, null)).server());
    SidecarSpan named = named(t.server(), "", "inbound|9080||");
    SidecarSpan v1 = Change.proxy(named, World.proxy("10.77.0.12", "reviews-v1"));
    Edge edge = names.of(hop(client, v1));
    assertEquals("reviews-v1.default", edge.server());
    assertEquals(edge, names.of(hop(client, null)));
    // Its address may be another service's by now.
    String other = "outbound|9080||cart.default.svc.cluster.local";
    assertEquals("cart.default", names.of(hop(named(client, "", other), null)).server());
  }

  @Test
  void actorsAreTheEdgesEnds() {
    Edge edge = new Edge("a", "b");
    assertEquals(
        new Actor(Actor.Kind.SIDECAR, "b"), Actor.of(edge, io.hoptoll.model.Party.SERVER_SIDECAR));
    assertEquals(new Actor(Actor.Kind.APP, "a"), Actor.of(edge, io.hoptoll.model.Party.CLIENT_APP));
  }

  private static Edge edge(@Nullable SidecarSpan client, @Nullable SidecarSpan server) {
    return Edge.of(hop(client, server));
  }

  private static Hop hop(@Nullable SidecarSpan client, @Nullable SidecarSpan server) {
    HalfHop c = client == null ? null : half(client);
    HalfHop s = server == null ? null : half(server);
    LedgerBuilder ledgers = new LedgerBuilder(new JoinCounters());
    return new Hop(c, s, List.of(), ledgers.build(c, s, List.of()));
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
