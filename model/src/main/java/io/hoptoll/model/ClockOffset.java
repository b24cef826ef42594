package io.hoptoll.model;

/**
 * How two nodes' clocks differ at the time of one hop: {@code server = client + nanos}, wrong by at
 * most {@code boundNanos}.
 *
 * @param applied whether the bound was small enough to tell request and response transport apart;
 *     else both are one leg
 */
public record ClockOffset(long nanos, long boundNanos, boolean applied) {
  /** Nothing bounds them yet, or what did was contradicted. */
  public static final ClockOffset UNKNOWN = new ClockOffset(0, Nanos.UNSET, false);

  public boolean isKnown() {
    return Nanos.isSet(boundNanos);
  }
}
