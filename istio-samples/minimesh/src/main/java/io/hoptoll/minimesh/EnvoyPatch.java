package io.hoptoll.minimesh;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What is added to one sidecar's resources, as an Istio EnvoyFilter does: HTTP filters before the
 * router, fields merged into clusters and routes. Each method returns a patch with one thing more,
 * given as the JSON of Envoy's proto.
 */
public final class EnvoyPatch {
  public static final EnvoyPatch NONE = new EnvoyPatch(List.of());

  private enum Place {
    INBOUND_FILTER,
    OUTBOUND_FILTER,
    INBOUND_CLUSTER,
    OUTBOUND_CLUSTER,
    OUTBOUND_ROUTE,
    CLUSTER
  }

  /**
   * @param service whose it is; empty: all of them
   */
  private record Change(Place place, String service, String json) {
    boolean isOf(String cluster) {
      return service.isEmpty() || cluster.endsWith("|" + Istio.host(service));
    }
  }

  private final List<Change> changes;

  private EnvoyPatch(List<Change> changes) {
    this.changes = List.copyOf(changes);
  }

  /** An HTTP filter for requests to the pod. */
  public EnvoyPatch inboundFilter(String json) {
    return with(Place.INBOUND_FILTER, json);
  }

  /** An HTTP filter for requests of the pod. */
  public EnvoyPatch outboundFilter(String json) {
    return with(Place.OUTBOUND_FILTER, json);
  }

  /** Fields of the clusters that lead to the pod's own app. */
  public EnvoyPatch inboundCluster(String json) {
    return with(Place.INBOUND_CLUSTER, json);
  }

  /** Fields of the clusters of services. */
  public EnvoyPatch outboundCluster(String json) {
    return with(Place.OUTBOUND_CLUSTER, json);
  }

  /** Fields of the route actions to all services. */
  public EnvoyPatch outboundRoute(String json) {
    return with(Place.OUTBOUND_ROUTE, json);
  }

  /** Fields of the route actions to a service. */
  public EnvoyPatch outboundRoute(String service, String json) {
    return with(new Change(Place.OUTBOUND_ROUTE, service, json));
  }

  /** A cluster that filters use. */
  public EnvoyPatch cluster(String json) {
    return with(Place.CLUSTER, json);
  }

  private EnvoyPatch with(Place place, String json) {
    return with(new Change(place, "", json));
  }

  private EnvoyPatch with(Change change) {
    List<Change> all = new ArrayList<>(changes);
    all.add(change);
    return new EnvoyPatch(all);
  }

  private void each(Place place, Consumer<JsonObject> use) {
    each(place, "", use);
  }

  private void each(Place place, String cluster, Consumer<JsonObject> use) {
    changes.stream()
        .filter(c -> c.place == place && c.isOf(cluster))
        .forEach(c -> use.accept(new JsonObject(c.json)));
  }

  List<JsonObject> clusters(List<JsonObject> all) {
    for (JsonObject cluster : all) {
      String name = cluster.getString("name");
      if (name.startsWith("inbound|")) {
        each(Place.INBOUND_CLUSTER, c -> cluster.mergeIn(c, true));
      } else if (name.startsWith("outbound|")) {
        each(Place.OUTBOUND_CLUSTER, c -> cluster.mergeIn(c, true));
      }
    }
    List<JsonObject> patched = new ArrayList<>(all);
    each(Place.CLUSTER, patched::add);
    return patched;
  }

  List<JsonObject> listeners(List<JsonObject> all) {
    for (JsonObject listener : all) {
      Place place =
          listener.getString("traffic_direction").equals("INBOUND")
              ? Place.INBOUND_FILTER
              : Place.OUTBOUND_FILTER;
      objects(listener.getJsonArray("filter_chains"))
          .forEach(chain -> objects(chain.getJsonArray("filters")).forEach(f -> insert(f, place)));
    }
    return all;
  }

  private void insert(JsonObject filter, Place place) {
    JsonArray filters = filter.getJsonObject("typed_config").getJsonArray("http_filters");
    if (filters != null) {
      each(place, f -> filters.add(filters.size() - 1, f));
    }
  }

  List<JsonObject> routes(List<JsonObject> all) {
    for (JsonObject table : all) {
      boolean isInbound = table.getString("name").startsWith("inbound|");
      for (JsonObject host : objects(table.getJsonArray("virtual_hosts"))) {
        for (JsonObject route : objects(host.getJsonArray("routes"))) {
          JsonObject action = route.getJsonObject("route");
          String cluster = action.getString("cluster");
          if (!isInbound && cluster.startsWith("outbound|")) {
            each(Place.OUTBOUND_ROUTE, cluster, r -> action.mergeIn(r, true));
          }
        }
      }
    }
    return all;
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }
}
