package io.hoptoll.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The mesh configurations, for which fabric8 has no model: fields by name, and that they point to
 * the Service, the Telemetry and the cluster that exist. Field names: istio/api, mesh/v1alpha1
 * (MeshConfig, ProxyConfig) and operator/v1alpha1.
 */
class MeshConfigTest {
  private static final String HOST = "hoptoll.hoptoll.svc.cluster.local";

  private final JsonNode mesh = meshConfig("istio/mesh-config.yaml");
  private final JsonNode provider = mesh.at("/extensionProviders/0");
  private final JsonNode service = Samples.find("istio/hoptoll.yaml", "Service", "hoptoll");

  @Test
  void fieldsAreIstios() {
    assertEquals(Set.of("extensionProviders", "defaultConfig"), names(mesh));
    assertEquals(Set.of("name", "envoyHttpAls"), names(provider), "exactly one provider kind");
    assertEquals(
        Set.of(
            "service",
            "port",
            "logName",
            "additionalRequestHeadersToLog",
            "additionalResponseHeadersToLog",
            "additionalResponseTrailersToLog"),
        names(provider.path("envoyHttpAls")));
    assertEquals(Set.of("proxyStatsMatcher"), names(mesh.path("defaultConfig")));
    assertEquals(Set.of("inclusionPrefixes"), names(mesh.at("/defaultConfig/proxyStatsMatcher")));
  }

  @Test
  void oneProviderOnly() {
    assertEquals(1, mesh.path("extensionProviders").size(), "two providers double every entry");
  }

  @Test
  void providerNamesTheService() {
    assertEquals(HOST, provider.at("/envoyHttpAls/service").asText());
    assertEquals(HOST, host(service));
    assertEquals(alsPort(), provider.at("/envoyHttpAls/port").asInt());
  }

  @Test
  void alsPortIsNamedSoThatIstioSpeaksHttp2() {
    List<String> names = Samples.texts(service.at("/spec/ports"), "name");
    assertEquals(List.of("grpc-als", "grpc-agents", "http"), names);
    assertEquals(18090, alsPort());
    assertEquals(18091, service.at("/spec/ports/1/port").asInt());
    assertEquals(18080, service.at("/spec/ports/2/port").asInt());
  }

  @Test
  void headersThatTheReceiverReadsAreAskedFor() {
    JsonNode als = provider.path("envoyHttpAls");
    assertTrue(
        strings(als.path("additionalRequestHeadersToLog")).contains("x-envoy-attempt-count"));
    assertTrue(strings(als.path("additionalRequestHeadersToLog")).contains("traceparent"));
    assertTrue(strings(als.path("additionalResponseHeadersToLog")).contains("grpc-status"));
    assertTrue(strings(als.path("additionalResponseTrailersToLog")).contains("grpc-status"));
  }

  @Test
  void telemetrySwitchesThatProviderOnForTheWholeMesh() {
    JsonNode telemetry = Samples.find("istio/telemetry.yaml", "Telemetry", "mesh-default");
    assertEquals("istio-system", telemetry.at("/metadata/namespace").asText());
    assertFalse(telemetry.at("/spec").has("selector"));
    assertEquals(
        List.of(provider.path("name").asText()),
        Samples.texts(telemetry.at("/spec/accessLogging/0/providers"), "name"));
  }

  @Test
  void olderFormNamesTheSameServiceAndNoProvider() {
    JsonNode old = meshConfig("istio/mesh-config-1.13.yaml");
    assertEquals(Set.of("enableEnvoyAccessLogService", "defaultConfig"), names(old));
    assertTrue(old.path("enableEnvoyAccessLogService").isBoolean());
    JsonNode als = old.at("/defaultConfig/envoyAccessLogService");
    assertEquals(Set.of("address"), names(als));
    assertEquals("hoptoll.hoptoll:" + alsPort(), als.path("address").asText());
  }

  @Test
  void envoyFilterLogsToTheServicesClusterUnderANameOfItsOwn() {
    JsonNode log =
        Samples.find("istio/envoy-filter.yaml", "EnvoyFilter", "hoptoll-upstream-log")
            .at("/spec/configPatches/0/patch/value/typed_config/upstream_log/0/typed_config");
    assertEquals(
        "outbound|" + alsPort() + "||" + HOST,
        log.at("/common_config/grpc_service/envoy_grpc/cluster_name").asText());
    assertFalse(
        log.at("/common_config/log_name")
            .asText()
            .equals(provider.at("/envoyHttpAls/logName").asText()),
        "copies are known by their log's name");
  }

  private int alsPort() {
    return service.at("/spec/ports/0/port").asInt();
  }

  private static String host(JsonNode service) {
    JsonNode metadata = service.path("metadata");
    return "%s.%s.svc.cluster.local"
        .formatted(metadata.path("name").asText(), metadata.path("namespace").asText());
  }

  private static JsonNode meshConfig(String file) {
    JsonNode operator = Samples.read(Path.of(file)).get(0).tree();
    assertEquals(Set.of("apiVersion", "kind", "spec"), names(operator));
    assertEquals("install.istio.io/v1alpha1", operator.path("apiVersion").asText());
    assertEquals(Set.of("profile", "meshConfig"), names(operator.path("spec")));
    return operator.at("/spec/meshConfig");
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> strings(JsonNode list) {
    List<String> strings = new ArrayList<>();
    list.forEach(item -> strings.add(item.asText()));
    return strings;
  }
}
