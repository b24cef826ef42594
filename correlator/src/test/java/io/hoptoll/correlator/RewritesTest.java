package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.PortRewrite;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The app's ports are others to its sidecar: the node's connection tracking says whose is whose.
 */
class RewritesTest {
  private static final int REQUESTS = 500;

  private final Correlator correlator = new Correlator(Sensitivity.DEFAULT);
  private final List<Hop> hops = new ArrayList<>();

  @Test
  void whereItIsToldEveryRequestHasItsApp() {
    List<World.Truth> truths = run(true);
    Map<Object, World.Truth> byClientSpan = new IdentityHashMap<>();
    truths.forEach(t -> byClientSpan.put(t.client(), t));
    assertEquals(REQUESTS, hops.size());
    for (Hop hop : hops) {
      HalfHop client = Objects.requireNonNull(hop.client());
      World.Truth truth = Objects.requireNonNull(byClientSpan.get(client.span()));
      assertSame(truth.e1(), client.callingApp());
    }
    assertEquals(0, correlator.counters().get(Count.APP_SOCKET_NAT_UNKNOWN));
  }

  /** All carry as many bytes: what the sockets alone tell fits several. */
  @Test
  void withoutItSomeStayUnknown() {
    run(false);
    assertTrue(correlator.counters().get(Count.APP_SOCKET_NAT_UNKNOWN) > 0);
  }

  @Test
  void aPortThatIsAnotherConnectionsByNowIsNotTakenForIt() {
    PodKey pod = new PodKey(World.NODE, 11);
    Exchange accepted = World.steady("id").e2();
    Rewrites rewrites = new Rewrites();
    rewrites.add(told(World.steady("id")));
    assertEquals(
        World.steady("id").e1().tuple(),
        rewrites.original(pod, accepted.tuple().remote(), accepted.socketId()));
    assertNull(rewrites.original(pod, accepted.tuple().remote(), accepted.socketId() + 1));
  }

  private List<World.Truth> run(boolean isTold) {
    correlator.onHop(hops::add);
    correlator.clock(new ClockSample(World.NODE, 0, World.WALL_OFFSET, 500));
    World.namespaces().forEach(correlator::namespace);
    World world = World.rewriting(3, 64);
    List<World.Truth> truths = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      truths.add(world.request("id"));
    }
    for (World.Truth t : truths) {
      t.ends().forEach(correlator::exchange);
      if (isTold) {
        correlator.rewrite(told(t));
      }
      correlator.span(t.client());
      correlator.span(t.server());
    }
    for (long now = 0; now < 10 * Nanos.PER_SECOND; now += 50 * Nanos.PER_MILLI) {
      correlator.tick(now, World.WALL_OFFSET + now);
    }
    return truths;
  }

  private static PortRewrite told(World.Truth t) {
    return new PortRewrite(
        World.NODE, t.e2().netns(), t.e2().socketId(), t.e2().tuple(), t.e1().tuple());
  }
}
