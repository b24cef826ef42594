package io.hoptoll.minimesh;

import static io.hoptoll.minimesh.Json.list;
import static io.hoptoll.minimesh.Json.obj;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;

/** A sidecar's bootstrap: who it is, where ADS and ALS are. All else comes over ADS. */
final class Bootstrap {
  private Bootstrap() {}

  static JsonObject of(Pod pod, Path xdsSocket, String alsTarget) {
    return obj(
        "node",
        node(pod),
        "admin",
        obj("address", Json.pipe(pod.adminSocket().toString())),
        "stats_flush_on_admin", // a histogram is otherwise up to 5 s behind
        true,
        "layered_runtime",
        obj("layers", list(obj("name", "admin", "admin_layer", obj()))),
        "dynamic_resources",
        obj(
            "ads_config",
            obj(
                "api_type",
                "GRPC",
                "transport_api_version",
                "V3",
                "set_node_on_first_message_only",
                true,
                "grpc_services",
                list(obj("envoy_grpc", obj("cluster_name", "xds-grpc")))),
            "cds_config",
            HttpFilters.ads(),
            "lds_config",
            HttpFilters.ads()),
        "static_resources",
        obj("clusters", list(grpc("xds-grpc", "unix:" + xdsSocket), grpc("als", alsTarget))));
  }

  private static JsonObject node(Pod pod) {
    String workload = pod.workload();
    return obj(
        "id",
        pod.nodeId(),
        "cluster",
        workload + "." + Istio.NAMESPACE,
        "metadata",
        obj(
            "NAME",
            pod.podName(),
            "NAMESPACE",
            Istio.NAMESPACE,
            "WORKLOAD_NAME",
            workload,
            "OWNER",
            "kubernetes://apis/apps/v1/namespaces/" + Istio.NAMESPACE + "/deployments/" + workload,
            "LABELS",
            obj(
                "app",
                pod.spec().service(),
                "service.istio.io/canonical-name",
                pod.spec().service()),
            "SERVICE_ACCOUNT",
            workload,
            "CLUSTER_ID",
            "minimesh",
            "MESH_ID",
            Istio.TRUST_DOMAIN,
            "INSTANCE_IPS",
            pod.ip(),
            "INTERCEPTION_MODE",
            "REDIRECT",
            "ISTIO_VERSION",
            "1.31.0"));
  }

  private static JsonObject grpc(String name, String target) {
    JsonObject address =
        target.startsWith("unix:")
            ? Json.pipe(target.substring(5))
            : Json.address(
                target.substring(0, target.lastIndexOf(':')),
                Integer.parseInt(target.substring(target.lastIndexOf(':') + 1)));
    return obj(
        "name",
        name,
        "type",
        "STATIC",
        "connect_timeout",
        "1s",
        "typed_extension_protocol_options",
        HttpFilters.protocolOptions(
            obj(), obj("explicit_http_config", obj("http2_protocol_options", obj()))),
        "load_assignment",
        obj(
            "cluster_name",
            name,
            "endpoints",
            list(obj("lb_endpoints", list(obj("endpoint", obj("address", address)))))));
  }
}
