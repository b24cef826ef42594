package io.hoptoll.app.metrics;

import io.hoptoll.correlator.Edge;
import io.hoptoll.correlator.PathNode;
import io.hoptoll.model.Leg;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Party;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Every leg of every hop as a histogram by edge and leg. Series: edges x legs seen x 20, so 64
 * edges of 20 legs make 25,600. On the correlator's thread.
 */
final class LegMeters {
  /** Legs are {@link LegKind}s, and merged ones where marks are missing: about as many again. */
  private static final int LEGS = 2 * LegKind.values().length;

  private static final Edge OTHER_EDGE = new Edge(Labels.OTHER, Labels.OTHER);

  private record LegLabel(String name, Party party) {}

  private final MeterRegistry registry;
  private final Labels<Edge, EdgeTimers> edges;
  private final Labels<Long, LegLabel> legs;

  LegMeters(MeterRegistry registry, int edgeLimit) {
    this.registry = registry;
    this.edges =
        new Labels<>(
            registry,
            "edge",
            edgeLimit,
            edge -> new EdgeTimers(kinds -> timer(edge, kinds)),
            () -> new EdgeTimers(kinds -> timer(OTHER_EDGE, kinds)));
    this.legs =
        new Labels<>(
            registry,
            "leg",
            LEGS,
            kinds -> new LegLabel(Leg.name(kinds), Leg.party(kinds)),
            () -> new LegLabel(Labels.OTHER, Party.UNDETERMINED));
  }

  /** A hop and all those below it. */
  void hops(PathNode node) {
    node.hop().ledger().eachLeg(edges.of(node.edge()));
    for (PathNode child : node.children()) {
      hops(child);
    }
  }

  private Timer timer(Edge edge, long kinds) {
    LegLabel leg = legs.of(kinds);
    return Timer.builder("hoptoll.leg")
        .description("Time of one leg of one hop")
        .tag("client", edge.client())
        .tag("server", edge.server())
        .tag("leg", leg.name())
        .tag("party", label(leg.party()))
        .serviceLevelObjectives(Buckets.bounds())
        .register(registry);
  }

  static String label(Enum<?> value) {
    return value.name().toLowerCase(java.util.Locale.ROOT);
  }
}
