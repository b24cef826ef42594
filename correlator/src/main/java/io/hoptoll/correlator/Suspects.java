package io.hoptoll.correlator;

import io.hoptoll.correlator.Sensitivity.Part;
import io.hoptoll.correlator.Verdict.Finding;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Leg;
import io.hoptoll.model.Party;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.DoublePredicate;

/** Groups legs by actor and asks the rules about those that matter. */
final class Suspects {
  private final Owners owners;
  private final String path;
  private final Collection<Window> range;
  private final Collection<Window> past;

  /**
   * @param path whose requests are looked at
   */
  Suspects(Owners owners, String path, Collection<Window> range, Collection<Window> past) {
    this.owners = owners;
    this.path = path;
    this.range = range;
    this.past = past;
  }

  /**
   * Actors that grew beyond chance and their own noise in this part of the requests, largest first.
   */
  List<Finding> grown(Comparison c, Part part, Baseline baseline) {
    return findings(
        c,
        c.chanceNanos(),
        (actor, growth) ->
            part.isGrown(
                growth, c.baseline().meanTotalNanos(), baseline.noise(actor, part, c.requests())));
  }

  /** Without a baseline or with a part of the user's choice: who made a good share of the time. */
  List<Finding> largest(Comparison c) {
    return findings(c, 0, (actor, growth) -> growth > Sensitivity.SIDE_SHARE * c.excessNanos());
  }

  /**
   * @param chance growth by more slow requests than usual is none up to this, ns
   */
  private List<Finding> findings(Comparison c, double chance, BiPredicate<Actor, Double> counts) {
    Map<Actor, Map<Slot, Double>> byActor = byActor(Shifts.without(c.excess(), owners));
    double most = byActor.values().stream().mapToDouble(Suspects::sum).max().orElse(0);
    List<Finding> found = new ArrayList<>();
    byActor.forEach(
        (actor, legs) -> {
          double growth = sum(legs);
          if (counts.test(actor, growth)
              && isBeside(growth, most, legs, c)
              && (growth > chance || isSteady(growth, legs, c))) { // medians are the dearest
            found.addAll(
                findings(
                    actor,
                    legs,
                    c,
                    part -> part >= Sensitivity.SIDE_SHARE * most && counts.test(actor, part)));
          }
        });
    found.sort(Comparator.comparingDouble(Finding::excessNanos).reversed());
    return found;
  }

  /** What waits behind a slow one grows too, but in some requests much and in most a little. */
  private static boolean isBeside(
      double growth, double most, Map<Slot, Double> legs, Comparison c) {
    if (growth <= 0 || growth < Sensitivity.STEADY_SHARE * most) {
      return false;
    }
    return growth >= Sensitivity.SIDE_SHARE * most || isSteady(growth, legs, c);
  }

  /** In most requests, and not by a few more that are slow. */
  private static boolean isSteady(double growth, Map<Slot, Double> legs, Comparison c) {
    return legs.keySet().stream().mapToDouble(c::medianExcess).sum() >= growth / 2;
  }

  /**
   * Actors outside the apps that take long always: a baseline cannot tell, an idle mesh can. Their
   * whole time counts, not its growth.
   */
  List<Finding> standing(Comparison c, long standingNanos) {
    Map<Actor, Map<Slot, Double>> byActor = byActor(c.current().means());
    double threshold = Math.max(standingNanos, c.current().meanTotalNanos() / 4);
    List<Finding> found = new ArrayList<>();
    byActor.forEach(
        (actor, legs) -> {
          boolean outside =
              actor.kind() == Actor.Kind.SIDECAR || actor.kind() == Actor.Kind.TRANSPORT;
          if (outside && sum(legs) > threshold) {
            Suspect suspect = suspect(actor, legs, c);
            found.add(finding(suspect, CauseRules.explain(suspect), legs, c));
          }
        });
    return found;
  }

  private static Map<Actor, Map<Slot, Double>> byActor(Map<Slot, Double> amounts) {
    Map<Actor, Map<Slot, Double>> byActor = new HashMap<>();
    amounts.forEach(
        (slot, amount) -> {
          if (slot.evidence() == null) {
            Actor actor = Actor.of(slot.edge(), Leg.party(slot.kinds()));
            byActor.computeIfAbsent(actor, a -> new HashMap<>()).put(slot, amount);
          }
        });
    return byActor;
  }

  /** One, or two where an app both read late and worked long, each enough to be told. */
  private List<Finding> findings(
      Actor actor, Map<Slot, Double> legs, Comparison c, DoublePredicate counts) {
    Suspect suspect = suspect(actor, legs, c);
    CauseRules.Explanation why = CauseRules.explain(suspect);
    CauseRules.Apart apart = CauseRules.apart(suspect, why.cause());
    Map<Slot, Double> waited = new HashMap<>(legs);
    waited.keySet().removeIf(leg -> !PickupRule.isWait(leg.kinds()));
    Map<Slot, Double> worked = new HashMap<>(legs);
    worked.keySet().removeAll(waited.keySet());
    if (apart == null || !counts.test(sum(waited)) || !counts.test(sum(worked))) {
      return List.of(finding(suspect, why, legs, c));
    }
    return List.of(
        finding(suspect, apart.waited(), waited, c), finding(suspect, apart.worked(), worked, c));
  }

  private static Slot largest(Map<Slot, Double> legs) {
    return legs.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }

  private Suspect suspect(Actor actor, Map<Slot, Double> legs, Comparison c) {
    Map<Long, Double> kinds = new HashMap<>();
    legs.forEach((leg, growth) -> kinds.merge(leg.kinds(), growth, Double::sum));
    Edge edge = largest(legs).edge();
    return new Suspect(
        actor,
        edge,
        kinds,
        c.current(),
        c.baseline(),
        worst(actor, range),
        worst(actor, past),
        of(edge));
  }

  private Finding finding(
      Suspect suspect, CauseRules.Explanation why, Map<Slot, Double> legs, Comparison c) {
    Slot largest = largest(legs);
    Party party = party(why.cause(), Leg.party(largest.kinds()));
    Actor actor = Actor.of(largest.edge(), party);
    double nanos = legs.keySet().stream().mapToDouble(c.current()::mean).sum();
    List<String> evidence = new ArrayList<>(why.evidence());
    evidence.addAll(OddPods.slow(suspect.calls(), party, () -> usual(largest.edge())));
    evidence.addAll(process(actor));
    double growth = sum(legs);
    return new Finding(
        Verdict.Kind.LATENCY,
        why.cause(),
        party,
        actor,
        largest.edge(),
        nanos,
        growth,
        c.excessNanos() > 0 ? Math.min(1, growth / c.excessNanos()) : 0,
        c.affected(),
        evidence,
        why.remedy());
  }

  /** Of legs that span several, and of those that waited for another, the one the cause tells. */
  private static Party party(Cause cause, Party ofLegs) {
    if (cause == Cause.TRANSPORT_CONNECT) {
      return Party.TRANSPORT; // though the sidecar held the request meanwhile
    }
    if (ofLegs != Party.UNDETERMINED) {
      return ofLegs;
    }
    return switch (cause) {
      case DEPENDENCY -> Party.SERVER_APP;
      case TRANSPORT_LOSS -> Party.TRANSPORT;
      default -> ofLegs;
    };
  }

  /** Of a pod with several containers, which one it was; of many replicas nobody wants a list. */
  private List<String> process(Actor actor) {
    Map<ProcessKey, Owners.Worker> own = owners.of(path, actor);
    if (own.size() != 1) {
      return List.of();
    }
    Map.Entry<ProcessKey, Owners.Worker> only = own.entrySet().iterator().next();
    return List.of(Words.process(only.getKey(), only.getValue()));
  }

  /** Of a failure's edge, the pods that fail. */
  List<String> failing(Edge edge) {
    return OddPods.failing(of(edge), () -> usual(edge));
  }

  /** All pods of the edge together, before the range. */
  private PodSums usual(Edge edge) {
    PodSums sum = new PodSums();
    for (Window w : past) {
      EdgeWindow part = w.edge(edge);
      if (part != null) {
        part.pods.values().forEach(sum::add);
        sum.add(part.otherPods);
      }
    }
    return sum;
  }

  /** All calls of the edge in the range; where there is no room for all pods, the latest. */
  EdgeWindow of(Edge edge) {
    EdgeWindow sum = new EdgeWindow();
    List<Window> latestFirst = new ArrayList<>(range);
    Collections.reverse(latestFirst);
    for (Window w : latestFirst) {
      EdgeWindow part = w.edge(edge);
      if (part != null) {
        sum.add(part);
      }
    }
    return sum;
  }

  /**
   * The actor's process that was kept from running the most: of those that worked for this path, as
   * far as that is known.
   */
  private ProcessTime worst(Actor actor, Collection<Window> in) {
    Map<ProcessKey, Actor> known = owners.all();
    Set<ProcessKey> own = new HashSet<>(owners.of(path, actor).keySet());
    for (Window w : in) { // of one from the archive no paths are known
      w.eachOwner((key, owner) -> addIf(owner.equals(actor) && !known.containsKey(key), own, key));
    }
    ProcessTime worst = ProcessTime.NONE;
    for (ProcessKey key : own) {
      ProcessTime sum = ProcessTime.of(key, in);
      worst = trouble(sum) > trouble(worst) ? sum : worst;
    }
    return worst;
  }

  private static void addIf(boolean wanted, Set<ProcessKey> own, ProcessKey key) {
    if (wanted) {
      own.add(key);
    }
  }

  private static double trouble(ProcessTime t) {
    return t.throttledShare() + t.stoppedShare();
  }

  private static double sum(Map<Slot, Double> legs) {
    return legs.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
