package io.hoptoll.correlator;

import io.hoptoll.model.Leg;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Nanoseconds a request in the legs of each actor, window by window, in a part of the requests. */
final class ActorMeans {
  private final Numbers numbers;

  /** By window and actor. */
  private final double[][] means;

  /** Actors by number: who a slot belongs to is worked out once for many windows. */
  static final class Numbers {
    private static final int NOBODY = -1;

    private final Map<Actor, Integer> numbers = new HashMap<>();
    private final Map<Slot, Integer> bySlot = new HashMap<>();
    private final Map<Slots, int[]> known = new IdentityHashMap<>();

    int of(Actor actor) {
      return numbers.getOrDefault(actor, NOBODY);
    }

    /** For each slot its actor. */
    int[] of(Slots slots) {
      return known.computeIfAbsent(slots, this::numbered);
    }

    private int[] numbered(Slots slots) {
      int[] actors = new int[slots.size()];
      for (int i = 0; i < actors.length; i++) {
        actors[i] = bySlot.computeIfAbsent(slots.get(i), this::number);
      }
      return actors;
    }

    private int number(Slot slot) {
      if (slot.evidence() != null) {
        return NOBODY;
      }
      Actor actor = Actor.of(slot.edge(), Leg.party(slot.kinds()));
      return numbers.computeIfAbsent(actor, a -> numbers.size());
    }

    int size() {
      return numbers.size();
    }
  }

  ActorMeans(List<PathWindow> windows, Sensitivity.Part part, Numbers numbers) {
    this.numbers = numbers;
    this.means = new double[windows.size()][];
    for (int i = 0; i < means.length; i++) {
      PathWindow window = windows.get(i);
      Composition.Builder mean = window.composing(part.fromRank, part.toRank);
      int[] actors = numbers.of(window.slots);
      means[i] = new double[numbers.size()];
      for (int slot = 0; slot < actors.length; slot++) {
        if (actors[slot] != Numbers.NOBODY) {
          means[i][actors[slot]] += mean.mean(slot);
        }
      }
    }
  }

  /** An actor's mean in each window, ns; 0 in those without it. */
  double[] of(Actor actor) {
    int number = numbers.of(actor);
    return Arrays.stream(means)
        .mapToDouble(window -> number >= 0 && number < window.length ? window[number] : 0)
        .toArray();
  }
}
