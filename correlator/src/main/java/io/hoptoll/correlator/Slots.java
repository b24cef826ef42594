package io.hoptoll.correlator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers for the legs and evidence of one path's window: sums are arrays, not maps of objects. */
final class Slots {
  private final Map<Slot, Integer> numbers = new HashMap<>();
  private final List<Slot> all = new ArrayList<>();

  int size() {
    return all.size();
  }

  Slot get(int number) {
    return all.get(number);
  }

  /** The slot's number; a new one where it has none. */
  int of(Slot slot) {
    Integer known = numbers.get(slot);
    if (known != null) {
      return known;
    }
    numbers.put(slot, all.size());
    all.add(slot);
    return all.size() - 1;
  }

  /** Its number; -1: it has none. */
  int find(Slot slot) {
    return numbers.getOrDefault(slot, -1);
  }

  /** For each of another's numbers the one here. */
  int[] of(Slots others) {
    int[] here = new int[others.size()];
    for (int i = 0; i < here.length; i++) {
      here[i] = of(others.get(i));
    }
    return here;
  }
}
