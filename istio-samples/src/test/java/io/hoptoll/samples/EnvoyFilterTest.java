package io.hoptoll.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Envoy takes the router that the EnvoyFilter makes, with its log and its tags. */
@Tag("envoy")
class EnvoyFilterTest {
  private static final String BOOTSTRAP =
      """
      {"static_resources": {
        "listeners": [{
          "name": "outbound",
          "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}},
          "filter_chains": [{"filters": [{
            "name": "envoy.filters.network.http_connection_manager",
            "typed_config": {
              "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
              "stat_prefix": "outbound",
              "route_config": {},
              "http_filters": [{"name": "envoy.filters.http.router", "typed_config": %s}]}}]}]}],
        "clusters": [{"name": "%s"}]}}
      """;

  private static final String TCP =
      """
      {"static_resources": {
        "listeners": [{
          "name": "outbound",
          "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}},
          "filter_chains": [{"filters": [{
            "name": "envoy.filters.network.tcp_proxy", "typed_config": %s}]}]}],
        "clusters": [{"name": "mongo"}]}}
      """;

  @TempDir Path dir;

  @Test
  void envoyAcceptsThePatchedTcpProxy() throws Exception {
    ObjectNode proxy =
        Samples.find("istio/tcp-access-log.yaml", "EnvoyFilter", "hoptoll-tcp-access-log")
            .at("/spec/configPatches/0/patch/value/typed_config")
            .deepCopy();
    accepts(TCP.formatted(proxy.put("stat_prefix", "mongo").put("cluster", "mongo")));
  }

  @Test
  void envoyAcceptsThePatchedRouter() throws Exception {
    JsonNode router =
        Samples.find("istio/envoy-filter.yaml", "EnvoyFilter", "hoptoll-upstream-log")
            .at("/spec/configPatches/0/patch/value/typed_config");
    String cluster =
        router
            .at("/upstream_log/0/typed_config/common_config/grpc_service/envoy_grpc/cluster_name")
            .asText();
    accepts(BOOTSTRAP.formatted(router, cluster));
  }

  private void accepts(String bootstrap) throws Exception {
    String envoy = binary();
    Path config = Files.writeString(dir.resolve("envoy.json"), bootstrap);
    Process process =
        new ProcessBuilder(envoy, "--mode", "validate", "--config-path", config.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  private static String binary() {
    String given = Objects.requireNonNullElse(System.getenv("HOPTOLL_ENVOY"), "");
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    return Stream.concat(
            Stream.of(given).filter(g -> !g.isEmpty()),
            Stream.of(path.split(File.pathSeparator)).map(folder -> folder + "/envoy"))
        .filter(candidate -> Files.isExecutable(Path.of(candidate)))
        .findFirst()
        .orElseGet(
            () ->
                Assumptions.abort(
                    "no Envoy: HOPTOLL_ENVOY names no executable and PATH has no envoy"));
  }
}
