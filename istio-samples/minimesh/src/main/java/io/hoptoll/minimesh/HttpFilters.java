package io.hoptoll.minimesh;

import static io.hoptoll.minimesh.Json.extension;
import static io.hoptoll.minimesh.Json.list;
import static io.hoptoll.minimesh.Json.obj;
import static io.hoptoll.minimesh.Json.typed;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** HTTP connection managers and TCP proxies as Istio writes them, with the access log. */
final class HttpFilters {
  private static final String HCM =
      "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

  /** Open TCP connections are told of this often, as the optional EnvoyFilter asks for. */
  private static final String TCP_INTERVAL = "1s";

  private static final String DENIED = "/denied";

  private static final String ALS =
      "envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig";

  /**
   * Burns CPU on the worker by the route's metadata, which RDS changes on open connections, and
   * logs how much: the truth of the fault.
   */
  private static final String LUA =
      """
      function envoy_on_request(handle)
        local busy = handle:metadata():get("busy_ms")
        if busy ~= nil and busy > 0 then
          local until_clock = os.clock() + busy / 1000
          local begin = os.clock()
          while os.clock() < until_clock do end
          handle:logWarn("burnt_us=" .. math.floor((os.clock() - begin) * 1000000))
        end
      end
      """;

  private final Duration flush;

  HttpFilters(Duration flush) {
    this.flush = flush;
  }

  /**
   * @param direction {@code inbound} or {@code outbound}
   * @param routeName the RDS resource
   */
  JsonObject connectionManager(String direction, String statPrefix, String routeName) {
    return extension(
        "envoy.filters.network.http_connection_manager",
        HCM,
        obj(
            "stat_prefix",
            statPrefix,
            "codec_type",
            "AUTO",
            "generate_request_id",
            true,
            "preserve_external_request_id",
            true,
            "use_remote_address",
            false,
            "normalize_path",
            true,
            "stream_idle_timeout",
            "0s",
            "upgrade_configs",
            list(obj("upgrade_type", "websocket")),
            "access_log",
            list(accessLog()),
            "http_filters",
            list(rbac(direction), fault(direction), lua(), router()),
            "rds",
            obj("route_config_name", routeName, "config_source", ads())));
  }

  JsonObject tcpProxy(String cluster) {
    return extension(
        "envoy.filters.network.tcp_proxy",
        "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
        obj(
            "stat_prefix",
            cluster,
            "cluster",
            cluster,
            "access_log",
            list(accessLog()),
            "access_log_options",
            obj("access_log_flush_interval", TCP_INTERVAL)));
  }

  static JsonObject blackHole() {
    return extension(
        "envoy.filters.network.tcp_proxy",
        "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
        obj("stat_prefix", "BlackHoleCluster", "cluster", "BlackHoleCluster"));
  }

  static JsonObject ads() {
    return obj("ads", obj(), "resource_api_version", "V3");
  }

  /** One envoyHttpAls provider serves HTTP and TCP, as Istio attaches it. */
  private JsonObject accessLog() {
    return extension(
        "envoy.access_loggers.http_grpc",
        ALS,
        obj(
            "common_config",
            obj(
                "log_name",
                "hoptoll",
                "transport_api_version",
                "V3",
                "buffer_flush_interval",
                flush.toMillis() / 1000.0 + "s",
                "grpc_service",
                obj("envoy_grpc", obj("cluster_name", "als"))),
            "additional_request_headers_to_log",
            list("x-envoy-attempt-count", "traceparent", "b3"),
            "additional_response_headers_to_log",
            list("x-envoy-upstream-service-time", "grpc-status"),
            "additional_response_trailers_to_log",
            list("grpc-status")));
  }

  /**
   * At 0 % until the runtime keys mm.DIRECTION.* say otherwise (admin, on open connections too).
   */
  private static JsonObject fault(String direction) {
    String key = "mm." + direction;
    return extension(
        "envoy.filters.http.fault",
        "envoy.extensions.filters.http.fault.v3.HTTPFault",
        obj(
            "delay", obj("fixed_delay", "0.001s", "percentage", percent(0)),
            "abort", obj("http_status", 503, "percentage", percent(0)),
            "delay_percent_runtime", key + ".delay_percent",
            "delay_duration_runtime", key + ".delay_ms",
            "abort_percent_runtime", key + ".abort_percent",
            "abort_http_status_runtime", key + ".abort_status"));
  }

  /** An AuthorizationPolicy that denies one path, named as Istio names it; none on the way out. */
  private static JsonObject rbac(String direction) {
    JsonObject path = obj("url_path", obj("path", obj("prefix", DENIED)));
    JsonObject policy = obj("permissions", list(path), "principals", list(obj("any", true)));
    JsonObject rules =
        obj("action", "DENY", "policies", obj("ns[default]-policy[deny]-rule[0]", policy));
    return extension(
        "envoy.filters.http.rbac",
        "envoy.extensions.filters.http.rbac.v3.RBAC",
        direction.equals("inbound") ? obj("rules", rules) : obj());
  }

  private static JsonObject percent(int of100) {
    return obj("numerator", of100, "denominator", "HUNDRED");
  }

  private static JsonObject lua() {
    return extension(
        "envoy.filters.http.lua",
        "envoy.extensions.filters.http.lua.v3.Lua",
        obj("default_source_code", obj("inline_string", LUA)));
  }

  private static JsonObject router() {
    return extension(
        "envoy.filters.http.router", "envoy.extensions.filters.http.router.v3.Router", obj());
  }

  /** The metadata that the Lua filter reads. */
  static JsonObject luaMetadata(int busyMillis) {
    return obj("filter_metadata", obj("envoy.filters.http.lua", obj("busy_ms", busyMillis)));
  }

  /** TLS 1.2 to 1.3 with this workload's certificate, peers of the trust domain only. */
  static JsonObject tls(Certificates.Identity own, String caPem, JsonArray alpn) {
    return obj(
        "tls_certificates",
        list(
            obj(
                "certificate_chain", obj("inline_string", own.certificate()),
                "private_key", obj("inline_string", own.privateKey()))),
        "validation_context",
        obj(
            "trusted_ca",
            obj("inline_string", caPem),
            "match_typed_subject_alt_names",
            list(
                obj(
                    "san_type",
                    "URI",
                    "matcher",
                    obj("prefix", "spiffe://" + Istio.TRUST_DOMAIN + "/")))),
        "alpn_protocols",
        alpn,
        "tls_params",
        obj(
            "tls_minimum_protocol_version", "TLSv1_2",
            "tls_maximum_protocol_version", "TLSv1_3"));
  }

  static JsonObject protocolOptions(JsonObject common, JsonObject protocol) {
    return obj(
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        typed(
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
            obj("common_http_protocol_options", common).mergeIn(protocol)));
  }
}
