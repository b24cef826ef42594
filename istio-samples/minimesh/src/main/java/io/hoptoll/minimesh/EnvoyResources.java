package io.hoptoll.minimesh;

import static io.hoptoll.minimesh.Json.address;
import static io.hoptoll.minimesh.Json.extension;
import static io.hoptoll.minimesh.Json.list;
import static io.hoptoll.minimesh.Json.obj;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Clusters, listeners and routes of one pod's sidecar, named and shaped as Istio's. */
final class EnvoyResources {
  private static final String INBOUND = Istio.inboundCluster(Istio.HTTP_PORT);
  private static final String TCP_INBOUND = Istio.inboundCluster(Istio.TCP_PORT);
  private static final String OUTBOUND_ROUTES = String.valueOf(Istio.HTTP_PORT);
  private static final String GRPC_INBOUND = Istio.inboundCluster(Istio.GRPC_PORT);
  private static final String GRPC_ROUTES = String.valueOf(Istio.GRPC_PORT);

  /** Paths with a route of their own, as a VirtualService gives them. */
  private static final String TIMED = "/timed";

  private static final String HEDGED = "/hedged";
  private static final String IMPATIENCE = "0.3s";

  private static final JsonObject H1 =
      obj("explicit_http_config", obj("http_protocol_options", obj()));

  /** As Istio writes it for ports named grpc-* or http2-* and where h2UpgradePolicy says so. */
  private static final JsonObject H2 =
      obj("explicit_http_config", obj("http2_protocol_options", obj()));

  private final MeshConfig config;
  private final Network network;
  private final String caPem;
  private final HttpFilters filters;

  EnvoyResources(MeshConfig config, Network network, String caPem) {
    this.config = config;
    this.network = network;
    this.caPem = caPem;
    this.filters = new HttpFilters(config.flush());
  }

  List<JsonObject> clusters(Certificates.Identity identity, SidecarSettings settings) {
    List<JsonObject> clusters = new ArrayList<>();
    for (String service : network.services()) {
      clusters.add(outbound(service, Istio.HTTP_PORT, identity, settings));
      clusters.add(outbound(service, Istio.TCP_PORT, identity, settings));
      if (grpc()) {
        clusters.add(outbound(service, Istio.GRPC_PORT, identity, settings));
      }
    }
    clusters.add(originalDst("PassthroughCluster", false, H1));
    clusters.add(originalDst("InboundPassthroughClusterIpv4", true, H1));
    clusters.add(originalDst(INBOUND, true, H1));
    clusters.add(originalDst(TCP_INBOUND, true, H1));
    if (grpc()) {
      clusters.add(originalDst(GRPC_INBOUND, true, H2));
    }
    clusters.add(obj("name", "BlackHoleCluster", "type", "STATIC", "connect_timeout", "1s"));
    return clusters;
  }

  private JsonObject outbound(
      String service, int port, Certificates.Identity identity, SidecarSettings s) {
    String name = Istio.outboundCluster(port, service);
    JsonArray endpoints = new JsonArray();
    network
        .endpoints(service)
        .forEach(ip -> endpoints.add(obj("endpoint", obj("address", address(ip, port)))));
    boolean h2 = port == Istio.GRPC_PORT || (port == Istio.HTTP_PORT && config.http2());
    JsonObject common = obj("idle_timeout", "3600s");
    if (s.requestsPerConnection() > 0) {
      common.put("max_requests_per_connection", s.requestsPerConnection());
    }
    JsonObject tls =
        obj(
            "common_tls_context",
            HttpFilters.tls(identity, caPem, h2 ? list("istio", "h2") : list("istio")),
            "sni",
            "outbound_." + port + "_._." + Istio.host(service));
    return obj(
        "name",
        name,
        "type",
        "STATIC",
        "connect_timeout",
        s.connectTimeoutMillis() / 1000.0 + "s",
        "load_assignment",
        obj("cluster_name", name, "endpoints", list(obj("lb_endpoints", endpoints))),
        "circuit_breakers",
        obj(
            "thresholds",
            list(
                obj(
                    "max_connections", s.maxConnections(),
                    "max_pending_requests", Integer.MAX_VALUE,
                    "max_requests", Integer.MAX_VALUE,
                    "max_retries", Integer.MAX_VALUE))),
        "typed_extension_protocol_options",
        HttpFilters.protocolOptions(common, h2 ? H2 : H1),
        "transport_socket",
        extension(
            "envoy.transport_sockets.tls",
            "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
            tls));
  }

  private static JsonObject originalDst(String name, boolean inbound, JsonObject protocol) {
    JsonObject cluster =
        obj(
            "name",
            name,
            "type",
            "ORIGINAL_DST",
            "lb_policy",
            "CLUSTER_PROVIDED",
            "connect_timeout",
            "10s",
            "typed_extension_protocol_options",
            HttpFilters.protocolOptions(obj("idle_timeout", "3600s"), protocol));
    return inbound
        ? cluster.put(
            "upstream_bind_config",
            obj("source_address", obj("address", "127.0.0.6", "port_value", 0)))
        : cluster;
  }

  private boolean grpc() {
    return config.topology().speaksGrpc();
  }

  List<JsonObject> routes(SidecarSettings settings) {
    List<JsonObject> routes = new ArrayList<>();
    routes.add(outboundRoutes(OUTBOUND_ROUTES, Istio.HTTP_PORT, settings));
    routes.add(inboundRoutes(INBOUND, Istio.HTTP_PORT, settings));
    if (grpc()) {
      routes.add(outboundRoutes(GRPC_ROUTES, Istio.GRPC_PORT, settings));
      routes.add(inboundRoutes(GRPC_INBOUND, Istio.GRPC_PORT, settings));
    }
    return routes;
  }

  private JsonObject outboundRoutes(String name, int port, SidecarSettings settings) {
    JsonArray hosts = new JsonArray();
    for (String service : network.services()) {
      hosts.add(virtualHost(service, port, settings));
    }
    hosts.add(
        obj(
            "name",
            "allow_any",
            "domains",
            list("*"),
            "routes",
            list(
                obj(
                    "match", obj("prefix", "/"),
                    "name", "allow_any",
                    "route", obj("cluster", "PassthroughCluster", "timeout", "0s")))));
    return obj("name", name, "virtual_hosts", hosts);
  }

  private static JsonObject inboundRoutes(String cluster, int port, SidecarSettings settings) {
    JsonObject inbound =
        obj(
            "match", obj("prefix", "/"),
            "name", "default",
            "metadata", HttpFilters.luaMetadata(settings.luaBusyMillis()),
            "route", obj("cluster", cluster, "timeout", "0s"));
    return obj(
        "name",
        cluster,
        "virtual_hosts",
        list(
            obj(
                "name", "inbound|http|" + port,
                "domains", list("*"),
                "routes", list(inbound))));
  }

  private JsonObject virtualHost(String service, int number, SidecarSettings s) {
    String vip = network.vip(service);
    JsonObject route =
        obj(
            "cluster",
            Istio.outboundCluster(number, service),
            "timeout",
            s.timeoutMillis() / 1000.0 + "s");
    if (config.retries() > 0) {
      route.put(
          "retry_policy",
          obj(
              "retry_on",
                  "connect-failure,refused-stream,unavailable,cancelled,"
                      + "retriable-status-codes,reset",
              "num_retries", config.retries(),
              "retriable_status_codes", list(503)));
    }
    String port = ":" + number;
    return obj(
        "name",
        Istio.host(service) + port,
        "domains",
        list(
            service,
            service + port,
            Istio.host(service),
            Istio.host(service) + port,
            vip,
            vip + port),
        "include_request_attempt_count",
        true,
        "routes",
        list(
            route("timed", TIMED, s, route.copy().put("timeout", IMPATIENCE)),
            route("hedged", HEDGED, s, hedged(route)),
            route("default", "/", s, route)));
  }

  private static JsonObject route(
      String name, String prefix, SidecarSettings s, JsonObject action) {
    return obj(
        "match",
        obj("prefix", prefix),
        "name",
        name,
        "metadata",
        HttpFilters.luaMetadata(s.luaBusyOutbound()),
        "route",
        action);
  }

  /** A second attempt beside the first when that takes long; the first answer counts. */
  private static JsonObject hedged(JsonObject route) {
    return route
        .copy()
        .put(
            "retry_policy", obj("retry_on", "5xx", "num_retries", 1, "per_try_timeout", IMPATIENCE))
        .put("hedge_policy", obj("hedge_on_per_try_timeout", true));
  }

  List<JsonObject> listeners(Certificates.Identity identity) {
    List<JsonObject> listeners = new ArrayList<>();
    listeners.add(virtualOutbound());
    listeners.add(outboundHttp(Istio.HTTP_PORT, OUTBOUND_ROUTES));
    if (grpc()) {
      listeners.add(outboundHttp(Istio.GRPC_PORT, GRPC_ROUTES));
    }
    for (String service : network.services()) {
      listeners.add(
          obj(
              "name",
              network.vip(service) + "_" + Istio.TCP_PORT,
              "address",
              address(network.vip(service), Istio.TCP_PORT),
              "bind_to_port",
              false,
              "traffic_direction",
              "OUTBOUND",
              "filter_chains",
              list(
                  obj(
                      "filters",
                      list(filters.tcpProxy(Istio.outboundCluster(Istio.TCP_PORT, service)))))));
    }
    listeners.add(virtualInbound(identity));
    return listeners;
  }

  private JsonObject outboundHttp(int port, String routes) {
    return obj(
        "name",
        "0.0.0.0_" + port,
        "address",
        address("0.0.0.0", port),
        "bind_to_port",
        false,
        "traffic_direction",
        "OUTBOUND",
        "filter_chains",
        list(
            obj(
                "filters",
                list(filters.connectionManager("outbound", "outbound_0.0.0.0_" + port, routes)))));
  }

  private JsonObject virtualOutbound() {
    return obj(
        "name",
        "virtualOutbound",
        "address",
        address("0.0.0.0", Istio.OUTBOUND_PORT),
        "use_original_dst",
        true,
        "traffic_direction",
        "OUTBOUND",
        "listener_filters",
        list(originalDstFilter()),
        "filter_chains",
        list(
            blackHole(Istio.OUTBOUND_PORT),
            obj(
                "name",
                "virtualOutbound-catchall-tcp",
                "filters",
                list(filters.tcpProxy("PassthroughCluster")))));
  }

  private JsonObject virtualInbound(Certificates.Identity identity) {
    return obj(
        "name",
        "virtualInbound",
        "address",
        address("0.0.0.0", Istio.INBOUND_PORT),
        "traffic_direction",
        "INBOUND",
        "listener_filters",
        list(
            originalDstFilter(),
            extension(
                "envoy.filters.listener.tls_inspector",
                "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector",
                obj())),
        "listener_filters_timeout",
        "5s",
        "filter_chains",
        inboundChains(identity));
  }

  private JsonArray inboundChains(Certificates.Identity identity) {
    JsonObject http = filters.connectionManager("inbound", "inbound_0.0.0.0_9080", INBOUND);
    JsonArray chains = new JsonArray();
    chains.addAll(
        list(
            blackHole(Istio.INBOUND_PORT),
            chain(Istio.HTTP_PORT, "tls", http, identity),
            chain(Istio.HTTP_PORT, "raw_buffer", http, identity),
            chain(Istio.TCP_PORT, "tls", filters.tcpProxy(TCP_INBOUND), identity),
            obj(
                "name", "virtualInbound-catchall",
                "filter_chain_match", obj("transport_protocol", "raw_buffer"),
                "filters", list(filters.tcpProxy("InboundPassthroughClusterIpv4")))));
    if (grpc()) {
      JsonObject grpc =
          filters.connectionManager("inbound", "inbound_0.0.0.0_" + Istio.GRPC_PORT, GRPC_INBOUND);
      chains.add(chain(Istio.GRPC_PORT, "tls", grpc, identity));
      chains.add(chain(Istio.GRPC_PORT, "raw_buffer", grpc, identity));
    }
    return chains;
  }

  private JsonObject chain(
      int port, String transport, JsonObject filter, Certificates.Identity identity) {
    JsonObject chain =
        obj(
            "name", "0.0.0.0_" + port + "_" + transport,
            "filter_chain_match", obj("destination_port", port, "transport_protocol", transport),
            "filters", list(filter));
    if (transport.equals("tls")) {
      chain.put(
          "transport_socket",
          extension(
              "envoy.transport_sockets.tls",
              "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
              obj(
                  "common_tls_context",
                  HttpFilters.tls(identity, caPem, list("h2", "http/1.1")),
                  "require_client_certificate",
                  true)));
    }
    return chain;
  }

  /** Without it a direct connection to the listener's own port would loop for ever. */
  private static JsonObject blackHole(int port) {
    return obj(
        "name", "blackhole_" + port,
        "filter_chain_match", obj("destination_port", port),
        "filters", list(HttpFilters.blackHole()));
  }

  private static JsonObject originalDstFilter() {
    return extension(
        "envoy.filters.listener.original_dst",
        "envoy.extensions.filters.listener.original_dst.v3.OriginalDst",
        obj());
  }
}
