package io.hoptoll.model;

/**
 * One measurement of a node's two clocks: {@code wall = monotonic + offset}, wrong by at most
 * {@code boundNanos}. ALS speaks wall clock, the kernel's probes monotonic.
 */
public record ClockSample(String node, long monotonicNanos, long offsetNanos, long boundNanos) {}
