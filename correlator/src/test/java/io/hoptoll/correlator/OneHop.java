package io.hoptoll.correlator;

import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Nanos;
import java.util.ArrayList;
import java.util.List;

/** A joined hop with every mark, to be counted at any time. */
final class OneHop {
  private OneHop() {}

  static PathNode node() {
    Correlator correlator = new Correlator(Sensitivity.DEFAULT);
    List<Hop> hops = new ArrayList<>();
    correlator.onHop(hops::add);
    correlator.clock(new ClockSample(World.NODE, 0, World.WALL_OFFSET, 500));
    World.namespaces().forEach(correlator::namespace);
    World.Truth truth = World.steady("id");
    truth.ends().forEach(correlator::exchange);
    correlator.span(truth.client());
    correlator.span(truth.server());
    for (long now = 0; now < 10 * Nanos.PER_SECOND; now += 50 * Nanos.PER_MILLI) {
      correlator.tick(now, World.WALL_OFFSET + now);
    }
    return new PathNode(hops.get(0));
  }
}
