package io.hoptoll.bench.accuracy;

import io.hoptoll.minimesh.fault.FaultKind;
import io.hoptoll.model.Party;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Which cases there are, and which of them are run. */
final class CaseGenerator {
  /** What an echo of bytes can be made to feel; it calls nobody else, so on the first hop only. */
  private static final Set<FaultKind> ON_TCP =
      EnumSet.of(
          FaultKind.SLOW_APP,
          FaultKind.BUSY_APP,
          FaultKind.STARVED_APP,
          FaultKind.FROZEN_APP,
          FaultKind.STARVED_SIDECAR,
          FaultKind.FROZEN_SIDECAR,
          FaultKind.TRANSPORT_DELAY,
          FaultKind.ONE_WAY_DELAY,
          FaultKind.PACKET_LOSS,
          FaultKind.RESET);

  /** The gRPC services read messages as they come: their pace has no knob. */
  private static final Set<FaultKind> NOT_ON_GRPC =
      EnumSet.of(FaultKind.SLOW_READER, FaultKind.SLOW_READING_CLIENT);

  private static final Set<FaultKind> ON_MOST =
      EnumSet.of(
          FaultKind.SLOW_APP,
          FaultKind.BUSY_APP,
          FaultKind.BLOCKED_LOOP,
          FaultKind.SLOW_FILTER,
          FaultKind.FAULT_FILTER,
          FaultKind.FROZEN_APP,
          FaultKind.FROZEN_SIDECAR,
          FaultKind.TRANSPORT_DELAY,
          FaultKind.ONE_WAY_DELAY);

  /** At 25 s a pair: 10 min. */
  private static final int PAIRS = 24;

  private CaseGenerator() {}

  /** Every fault where it makes sense. */
  static List<Case> all() {
    List<Case> all = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      for (int connections : Traffic.CONNECTIONS) {
        for (FaultKind kind : FaultKind.values()) {
          for (Party party : kind.parties()) {
            for (int hop = 1; hop <= Case.HOPS; hop++) {
              add(all, new Case(kind, party, hop, new Traffic(protocol, connections)));
            }
          }
        }
      }
    }
    return all;
  }

  private static void add(List<Case> all, Case c) {
    if (makesSense(c)) {
      all.add(c);
    }
  }

  private static boolean makesSense(Case c) {
    Protocol protocol = c.traffic().protocol();
    int connections = c.traffic().connections();
    if (protocol == Protocol.TCP && (c.hop() > 1 || !ON_TCP.contains(c.kind()))) {
      return false;
    }
    if (protocol.isGrpc() && NOT_ON_GRPC.contains(c.kind())) {
      return false;
    }
    // one connection carries all of HTTP/2's requests; a lone request never waits for another
    boolean pool = protocol == Protocol.HTTP1 && connections > 1;
    // 20 ms of CPU in each of 60 requests/s: two cores would be the fault
    boolean light = connections <= 8;
    return (c.kind() != FaultKind.POOL_LIMIT || pool) && (c.kind() != FaultKind.BUSY_APP || light);
  }

  /** Every pair of fault, hop, protocol and connections that can be, each at least once. */
  static List<Case> pairwise(long seed) {
    List<Case> cases = new ArrayList<>(Pairwise.cover(all(), Case::values, seed));
    cases.addAll(twoAtOnce(seed));
    return bySession(cases, seed);
  }

  /**
   * Two faults at once: of different processes or wires, and of causes that most requests feel, for
   * a rare and a constant one are in different parts of the requests by themselves.
   */
  static List<Case> twoAtOnce(long seed) {
    List<Case> first =
        new ArrayList<>(
            all().stream()
                .filter(c -> ON_MOST.contains(c.kind()) && c.traffic().connections() == 8)
                .toList());
    Collections.shuffle(first, new Random(seed));
    List<Case> second = new ArrayList<>(first);
    Collections.shuffle(second, new Random(seed + 1));
    List<Case> pairs = new ArrayList<>();
    for (Case one : first) {
      Case other = second.stream().filter(c -> isApart(one, c)).findFirst().orElse(null);
      if (other != null && pairs.size() < PAIRS) {
        second.remove(other);
        pairs.add(new Case(one.kind(), one.party(), one.hop(), one.traffic(), other));
      }
    }
    return pairs;
  }

  /** Hop 2's client sidecar and hop 1's server sidecar are the same process. */
  private static boolean isApart(Case one, Case other) {
    return one.traffic().equals(other.traffic())
        && one.kind() != other.kind()
        && !one.actor().equals(other.actor());
  }

  static List<Case> full(long seed) {
    return bySession(all(), seed);
  }

  /** One of each party and of most causes, in two sessions. */
  static List<Case> smoke() {
    Traffic http = new Traffic(Protocol.HTTP1, 8);
    Traffic grpc = new Traffic(Protocol.GRPC_UNARY, 8);
    return List.of(
        new Case(FaultKind.SLOW_APP, Party.SERVER_APP, 3, http),
        new Case(FaultKind.STARVED_SIDECAR, Party.SERVER_SIDECAR, 2, http),
        new Case(FaultKind.TRANSPORT_DELAY, Party.TRANSPORT, 3, http),
        new Case(FaultKind.PACKET_LOSS, Party.TRANSPORT, 2, http),
        new Case(FaultKind.APP_ERROR, Party.SERVER_APP, 3, http),
        new Case(FaultKind.SLOW_APP, Party.SERVER_APP, 2, grpc),
        new Case(FaultKind.FAULT_FILTER, Party.CLIENT_SIDECAR, 2, grpc));
  }

  /** Cases of one load beside each other, these in an order that the seed gives. */
  private static List<Case> bySession(List<Case> cases, long seed) {
    List<Case> ordered = new ArrayList<>(cases);
    Collections.shuffle(ordered, new Random(seed));
    ordered.sort(
        Comparator.comparing((Case c) -> c.traffic().protocol())
            .thenComparing(c -> c.traffic().connections()));
    return ordered;
  }
}
