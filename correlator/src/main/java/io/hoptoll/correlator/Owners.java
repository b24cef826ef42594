package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Latest;
import io.hoptoll.model.SidecarSpan;
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

  /**
   * A process that worked for a path.
   *
   * @param port on which it is asked; 0: not known
   * @param asksOnStreams whether it calls over HTTP/2, or inside TLS, where that may be: of those
   *     calls none is seen for sure while it waits
   */
  record Worker(String name, int port, boolean asksOnStreams) {}

  /** Processes by their key, those heard of last at the end: they restart. */
  private static final class Workers extends LinkedHashMap<ProcessKey, Worker> {
    private static final long serialVersionUID = 1L;

    /** Where their calls went. */
    final Map<Endpoint, Edge> called = new HashMap<>(4);

    Workers() {
      super(16, 0.75f, true);
    }

    /**
     * @param isNamed by the server itself; else the edge has the name that was asked for
     */
    void calls(Endpoint peer, Edge edge, boolean isNamed) {
      Edge known = called.get(peer);
      if (known == null || isNamed && !edge.equals(known)) {
        if (called.size() >= Limits.PEERS_PER_ACTOR) {
          called.clear(); // pods that come and go; those in use are here again with the next call
        }
        called.put(peer, edge);
      }
    }

    void heardOf(Exchange e) {
      ProcessKey key = new ProcessKey(e.node(), e.owner().tgid());
      Worker known = get(key);
      boolean asks = e.role() == Exchange.Role.CONNECT;
      int port = asks ? known == null ? 0 : known.port : e.tuple().local().port();
      boolean streams = known != null && known.asksOnStreams;
      streams |= asks && (e.has(Exchange.MULTIPLEXED) || e.has(Exchange.TLS));
      String name = e.owner().comm();
      if (known == null
          || known.port != port
          || known.asksOnStreams != streams
          || !known.name.equals(name)) {
        put(key, new Worker(name, port, streams));
      }
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<ProcessKey, Worker> eldest) {
      return size() > Limits.PROCESSES_PER_ACTOR;
    }
  }

  /** Actors heard of longest ago are forgotten first. */
  private final Map<Key, Workers> workers = Latest.used(Limits.PROCESSES);

  /** Of whom calls asked last, and where their sidecar sent them. */
  private record Asked(String authority, String cluster) {
    private static final Asked NOBODY = new Asked("", "");

    private boolean is(SidecarSpan span) {
      return cluster.equals(span.upstreamCluster()) && authority.equals(span.authority());
    }

    /** Pass-through leads to anybody. */
    private boolean isOfService() {
      return cluster.startsWith("outbound|");
    }

    /** {@code outbound|9080|v1|reviews.default.svc.cluster.local}: subsets are of one service. */
    private String service() {
      return cluster.substring(cluster.lastIndexOf('|') + 1);
    }

    /** One host, whose route parts its calls between two services, is one thing to its callers. */
    private boolean mayBe(Asked other) {
      return isOfService()
          && other.isOfService()
          && (service().equals(other.service())
              || !authority.isEmpty() && authority.equals(other.authority));
    }
  }

  /** By calls; those put first are forgotten first. */
  private final Map<Edge, Asked> asked = new Latest<>(Limits.EDGES);

  void hop(String path, Hop hop, Edge edge) {
    HalfHop client = hop.client();
    HalfHop server = hop.server();
    if (client != null) {
      owner(path, Actor.Kind.APP, edge.client(), client.callingApp());
      Workers calling = owner(path, Actor.Kind.SIDECAR, edge.client(), client.upstream());
      if (calling != null && client.upstream() != null) {
        calling.calls(client.upstream().tuple().remote(), edge, server != null);
      }
    }
    for (HalfHop attempt : hop.attempts()) {
      String workload = Edge.workload(attempt.span().proxy());
      owner(path, Actor.Kind.APP, workload, attempt.servingApp());
    }
    if (client != null && server != null) {
      SidecarSpan call = client.span();
      if (!asked(edge).is(call)) {
        asked.put(edge, new Asked(call.authority(), call.upstreamCluster()));
      }
    }
    if (server != null) {
      owner(path, Actor.Kind.APP, edge.server(), server.servingApp());
      owner(path, Actor.Kind.SIDECAR, edge.server(), server.downstream());
      owner(path, Actor.Kind.SIDECAR, edge.server(), server.upstream());
    }
  }

  private @Nullable Workers owner(
      String path, Actor.Kind kind, String workload, @Nullable Exchange e) {
    if (e == null || e.owner().tgid() <= 0) {
      return null;
    }
    Workers own =
        workers.computeIfAbsent(new Key(path, new Actor(kind, workload)), k -> new Workers());
    own.heardOf(e);
    return own;
  }

  /** The path's calls of the actor that went to this address; null: none is known. */
  @Nullable Edge called(String path, Actor actor, Endpoint peer) {
    Workers own = workers.get(new Key(path, actor));
    return own == null ? null : own.called.get(peer);
  }

  /** Whether calls of one may go to the other as well: its replica, another version of it. */
  boolean isSameService(Edge one, Edge other) {
    return one.client().equals(other.client())
        && (one.server().equals(other.server()) || asked(one).mayBe(asked(other)));
  }

  private Asked asked(Edge edge) {
    return asked.getOrDefault(edge, Asked.NOBODY);
  }

  /** The actor's processes that worked for this path. */
  Map<ProcessKey, Worker> of(String path, Actor actor) {
    Workers own = workers.get(new Key(path, actor));
    return own == null ? Map.of() : own;
  }

  /** All that worked for this path, each with its actor. */
  Map<ProcessKey, Actor> of(String path) {
    Map<ProcessKey, Actor> own = new HashMap<>();
    workers.forEach(
        (key, all) -> {
          if (key.path().equals(path)) {
            all.keySet().forEach(p -> own.put(p, key.actor()));
          }
        });
    return own;
  }

  /** All, each with its actor. */
  Map<ProcessKey, Actor> all() {
    Map<ProcessKey, Actor> all = new HashMap<>();
    workers.forEach((key, own) -> own.keySet().forEach(p -> all.put(p, key.actor())));
    return all;
  }

  /** Paths have other names from now on. */
  void rename(UnaryOperator<String> renamed) {
    Map<Key, Workers> old = new LinkedHashMap<>(workers);
    workers.clear();
    old.forEach(
        (key, own) -> {
          Key name = new Key(renamed.apply(key.path()), key.actor());
          Workers same = workers.computeIfAbsent(name, k -> new Workers());
          same.putAll(own);
          own.called.forEach((peer, edge) -> same.calls(peer, edge, true));
        });
  }
}
