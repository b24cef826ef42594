package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which processes did the work of each actor, path by path: a pod may have several containers, and
 * what keeps one from running is no reason for the requests that another served.
 */
final class Owners {
  private record Key(String path, Actor actor) {}

  /** Names of processes by their key, those heard of last at the end: they restart. */
  private static final class Names extends LinkedHashMap<ProcessKey, String> {
    private static final long serialVersionUID = 1L;

    Names() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<ProcessKey, String> eldest) {
      return size() > Limits.PROCESSES_PER_ACTOR;
    }
  }

  /** Actors heard of longest ago are forgotten first. */
  private final Map<Key, Names> names =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Names> eldest) {
          return size() > Limits.PROCESSES;
        }
      };

  void hop(String path, Hop hop, Edge edge) {
    HalfHop client = hop.client();
    HalfHop server = hop.server();
    if (client != null) {
      owner(path, Actor.Kind.APP, edge.client(), client.callingApp());
      owner(path, Actor.Kind.SIDECAR, edge.client(), client.upstream());
    }
    if (server != null) {
      owner(path, Actor.Kind.APP, edge.server(), server.servingApp());
      owner(path, Actor.Kind.SIDECAR, edge.server(), server.downstream());
    }
  }

  private void owner(String path, Actor.Kind kind, String workload, @Nullable Exchange e) {
    if (e == null || e.owner().tgid() <= 0) {
      return;
    }
    names
        .computeIfAbsent(new Key(path, new Actor(kind, workload)), k -> new Names())
        .put(new ProcessKey(e.node(), e.owner().tgid()), e.owner().comm());
  }

  /** The processes that worked for this path, with their names. */
  Map<ProcessKey, String> of(String path, Actor actor) {
    Names own = names.get(new Key(path, actor));
    return own == null ? Map.of() : own;
  }

  /** All, each with its actor. */
  Map<ProcessKey, Actor> all() {
    Map<ProcessKey, Actor> all = new HashMap<>();
    names.forEach((key, own) -> own.keySet().forEach(p -> all.put(p, key.actor())));
    return all;
  }

  /** Paths have other names from now on. */
  void rename(UnaryOperator<String> renamed) {
    Map<Key, Names> old = new LinkedHashMap<>(names);
    names.clear();
    old.forEach(
        (key, own) ->
            names
                .computeIfAbsent(new Key(renamed.apply(key.path()), key.actor()), k -> new Names())
                .putAll(own));
  }
}
