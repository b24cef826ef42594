package io.hoptoll.bench.accuracy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/**
 * All-pairs testing: few cases that together show every two values of different dimensions beside
 * each other. Greedy: always the case with the most pairs not yet seen.
 */
final class Pairwise {
  /** Two values side by side; dimensions by their number. */
  record Pair(int first, Object firstValue, int second, Object secondValue) {}

  private Pairwise() {}

  /**
   * @param all the cases that can be
   * @param values a case's value in each dimension
   * @param seed decides between equals
   */
  static <T> List<T> cover(List<T> all, Function<T, List<Object>> values, long seed) {
    List<T> left = new ArrayList<>(all);
    Collections.shuffle(left, new Random(seed));
    Set<Pair> unseen = new HashSet<>();
    left.forEach(c -> unseen.addAll(pairs(values.apply(c))));
    List<T> chosen = new ArrayList<>();
    while (!unseen.isEmpty()) {
      T best = left.get(0);
      long most = -1;
      for (T c : left) {
        long fresh = pairs(values.apply(c)).stream().filter(unseen::contains).count();
        if (fresh > most) {
          most = fresh;
          best = c;
        }
      }
      pairs(values.apply(best)).forEach(unseen::remove);
      left.remove(best);
      chosen.add(best);
    }
    return chosen;
  }

  static List<Pair> pairs(List<Object> values) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      for (int j = i + 1; j < values.size(); j++) {
        pairs.add(new Pair(i, values.get(i), j, values.get(j)));
      }
    }
    return pairs;
  }
}
