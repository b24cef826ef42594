package io.hoptoll.correlator;

/**
 * A part of a request's total that one leg of one hop took on the critical path.
 *
 * @param kinds bit set of {@link io.hoptoll.model.LegKind#bit()}
 */
public record Charge(Edge edge, long kinds, long nanos) {}
