package io.hoptoll.app.alert;

import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.app.watch.PathState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which alerts begin and end with a round: a split of a path's slowest hundredth over its threshold
 * in two rounds running begins one, a round below it (or without the path) ends it. One thread.
 */
final class AlertRules {
  private record Key(String path, Split split) {}

  private final Config config;
  private Set<Key> over = Set.of();
  private final Set<Key> firing = new HashSet<>();

  AlertRules(Config config) {
    this.config = config;
  }

  List<Alert> round(List<PathState> states) {
    List<Alert> news = new ArrayList<>();
    Set<Key> overNow = new HashSet<>();
    Set<Key> seen = new HashSet<>();
    for (PathState state : states) {
      for (Split split : Split.values()) {
        Key key = new Key(state.verdict().path(), split);
        seen.add(key);
        judge(key, state, overNow, news);
      }
    }
    firing.retainAll(seen);
    over = overNow;
    return news;
  }

  private void judge(Key key, PathState state, Set<Key> overNow, List<Alert> news) {
    double threshold = config.get(key.split().threshold);
    double share = key.split().share(state.slowest().summary());
    boolean counts = state.verdict().requests() >= config.get(Settings.ALERT_MIN_REQUESTS);
    boolean high = counts && share > threshold;
    if (high) {
      overNow.add(key);
    }
    if (high && over.contains(key) && firing.add(key)) {
      news.add(new Alert(true, key.split(), state.verdict(), share, threshold));
    } else if (!high && firing.remove(key)) {
      news.add(new Alert(false, key.split(), state.verdict(), share, threshold));
    }
  }
}
