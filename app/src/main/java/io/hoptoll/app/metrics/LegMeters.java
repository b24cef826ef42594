package io.hoptoll.app.metrics;

import io.hoptoll.correlator.Edge;
import io.hoptoll.correlator.PathNode;
import io.hoptoll.model.Leg;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Party;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Every leg of every hop as a histogram by edge and leg. Series: edges x legs seen x 20, so 64
 * edges of 20 legs make 25,600. On the correlator's thread.
 */
final class LegMeters {
  /** Legs are {@link LegKind}s, and merged ones where marks are missing: about as many again. */
  private static final int LEGS = 2 * LegKind.values().length;

  private static final Edge OTHER_EDGE = new Edge(Labels.OTHER, Labels.OTHER);

  private record LegLabel(String name, Party party) {}

  private static final String HELP = "Time of one leg of one hop";

  private final TimeHistograms histograms = new TimeHistograms("hoptoll_leg_seconds", HELP);
  private final @Nullable MeterRegistry others;
  private final Labels<Edge, EdgeLegs> edges;
  private final Labels<Long, LegLabel> legs;

  /**
   * @param registry for what is counted of the meters themselves
   * @param prometheus gets the legs
   * @param others gets the legs as well; null: there is none
   */
  LegMeters(
      MeterRegistry registry,
      PrometheusRegistry prometheus,
      @Nullable MeterRegistry others,
      int edgeLimit) {
    prometheus.register(histograms);
    this.others = others;
    this.edges =
        new Labels<>(
            registry,
            "edge",
            edgeLimit,
            edge -> new EdgeLegs(kinds -> meter(edge, kinds)),
            () -> new EdgeLegs(kinds -> meter(OTHER_EDGE, kinds)));
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

  private DurationMeter meter(Edge edge, long kinds) {
    LegLabel leg = legs.of(kinds);
    TimeHistogram histogram =
        histograms.of(
            io.prometheus.metrics.model.snapshots.Labels.of(
                "client",
                edge.client(),
                "server",
                edge.server(),
                "leg",
                leg.name(),
                "party",
                label(leg.party())));
    return new DurationMeter(histogram, others == null ? null : timer(others, edge, leg));
  }

  private static Timer timer(MeterRegistry registry, Edge edge, LegLabel leg) {
    return Timer.builder("hoptoll.leg")
        .description(HELP)
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
