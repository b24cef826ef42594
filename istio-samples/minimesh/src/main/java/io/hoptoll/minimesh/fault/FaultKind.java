package io.hoptoll.minimesh.fault;

import io.hoptoll.model.Party;
import java.util.List;
import java.util.Locale;

/** The catalogue: each kind of fault in its usual size, and on which side of an edge it can be. */
public enum FaultKind {
  SLOW_APP((f, p, from, to) -> f.slowApp(from, to, 20), Party.SERVER_APP),
  BUSY_APP((f, p, from, to) -> f.busyApp(from, to, 20), Party.SERVER_APP),
  BLOCKED_LOOP((f, p, from, to) -> f.blockedLoop(from, to, 30, 10), Party.SERVER_APP),
  STARVED_APP((f, p, from, to) -> f.starvedApp(from, to, 2_000), Party.SERVER_APP),
  FROZEN_APP((f, p, from, to) -> f.frozenApp(from, to, 40, 40), Party.SERVER_APP),
  APP_ERROR((f, p, from, to) -> f.appError(from, to, 500, 300), Party.SERVER_APP),
  SLOW_READER((f, p, from, to) -> f.slowReader(from, to, 640_000, 32_000), Party.SERVER_APP),
  SLOW_READING_CLIENT(
      (f, p, from, to) -> f.slowReadingClient(from, to, 640_000, 32_000), Party.CLIENT_APP),
  STARVED_SIDECAR(
      (f, p, from, to) -> f.starvedSidecar(p, from, to, 2_000),
      Party.CLIENT_SIDECAR,
      Party.SERVER_SIDECAR),
  FROZEN_SIDECAR(
      (f, p, from, to) -> f.frozenSidecar(p, from, to, 40, 40),
      Party.CLIENT_SIDECAR,
      Party.SERVER_SIDECAR),
  SLOW_FILTER(
      (f, p, from, to) -> f.slowFilter(p, from, to, 12),
      Party.CLIENT_SIDECAR,
      Party.SERVER_SIDECAR),
  FAULT_FILTER(
      (f, p, from, to) -> f.faultFilter(p, from, to, 20),
      Party.CLIENT_SIDECAR,
      Party.SERVER_SIDECAR),
  POOL_LIMIT((f, p, from, to) -> f.poolLimit(from, to), Party.CLIENT_SIDECAR),
  TLS_PER_REQUEST((f, p, from, to) -> f.tlsPerRequest(from, to), Party.CLIENT_SIDECAR),
  TRANSPORT_DELAY((f, p, from, to) -> f.transportDelay(from, to, 6_000, true), Party.TRANSPORT),
  ONE_WAY_DELAY((f, p, from, to) -> f.transportDelay(from, to, 12_000, false), Party.TRANSPORT),
  PACKET_LOSS((f, p, from, to) -> f.packetLoss(from, to, 0.05), Party.TRANSPORT),
  LOST_SYN((f, p, from, to) -> f.lostSyn(from, to, 3), Party.TRANSPORT),
  BANDWIDTH((f, p, from, to) -> f.bandwidth(from, to, 4_000, 24_000), Party.TRANSPORT),
  RESET((f, p, from, to) -> f.reset(from, to, 12), Party.TRANSPORT);

  private interface Maker {
    Fault on(Faults faults, Party party, String from, String to);
  }

  private final Maker maker;
  private final List<Party> parties;

  FaultKind(Maker maker, Party... parties) {
    this.maker = maker;
    this.parties = List.of(parties);
  }

  /** Who can be at fault: one, or the sidecar at either end of the edge. */
  public List<Party> parties() {
    return parties;
  }

  /** With the one party, or the first of the two. */
  public Fault on(Faults faults, String from, String to) {
    return on(faults, parties.get(0), from, to);
  }

  /**
   * @param party one of {@link #parties()}
   */
  public Fault on(Faults faults, Party party, String from, String to) {
    if (!parties.contains(party)) {
      throw new IllegalArgumentException(label() + " is never the " + party.label() + "'s");
    }
    return maker.on(faults, party, from, to);
  }

  /** Such as {@code slow-app}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
