package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Protocol;
import org.junit.jupiter.api.Test;

/** Which connections carry several requests at once: {@link BurstIndex}. */
class BurstIndexTest {
  private final BurstIndex bursts = new BurstIndex(new JoinCounters());
  private final SidecarSpan told = World.steady("id").server();
  private final Endpoint client = told.downstreamDirectRemote();
  private final Endpoint server = told.downstreamLocal();
  private final Endpoint fresh = Endpoint.parse("10.1.0.1", 41_000);

  @Test
  void aFreshConnectionIsAsTheOthersBetweenTheTwo() {
    Endpoint next = port(client, 41_000);
    assertFalse(bursts.areMultiplexed(next, server));
    bursts.learn(Change.protocol(told, Protocol.HTTP2));

    assertTrue(bursts.areMultiplexed(next, server));
    assertFalse(bursts.isMultiplexed(next), "not known of itself");
    assertFalse(bursts.areMultiplexed(next, port(server, 81)), "another server");
    assertFalse(bursts.areMultiplexed(fresh, server), "another client");
  }

  @Test
  void whatWasToldLastHolds() {
    bursts.learn(Change.protocol(told, Protocol.HTTP2));
    bursts.learn(Change.protocol(told, Protocol.HTTP1));

    assertFalse(bursts.isMultiplexed(client));
    assertFalse(bursts.areMultiplexed(client, server));
    assertFalse(bursts.areMultiplexed(port(client, 41_000), server));
  }

  private static Endpoint port(Endpoint e, int port) {
    return new Endpoint(e.ipHigh(), e.ipLow(), port);
  }
}
