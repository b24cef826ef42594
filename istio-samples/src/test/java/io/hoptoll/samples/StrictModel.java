package io.hoptoll.samples;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import io.fabric8.istio.api.networking.v1.DestinationRule;
import io.fabric8.istio.api.networking.v1.Gateway;
import io.fabric8.istio.api.networking.v1.VirtualService;
import io.fabric8.istio.api.networking.v1alpha3.EnvoyFilter;
import io.fabric8.istio.api.telemetry.v1.Telemetry;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import java.util.Comparator;
import java.util.Map;

/**
 * Reads a document as the class of its apiVersion and kind. fabric8's classes keep unknown fields
 * in {@code additionalProperties}; here these are errors.
 */
final class StrictModel {
  private static final Map<String, Class<?>> KINDS =
      Map.ofEntries(
          Map.entry("v1/Namespace", Namespace.class),
          Map.entry("v1/ServiceAccount", ServiceAccount.class),
          Map.entry("rbac.authorization.k8s.io/v1/ClusterRole", ClusterRole.class),
          Map.entry("rbac.authorization.k8s.io/v1/ClusterRoleBinding", ClusterRoleBinding.class),
          Map.entry("v1/Service", Service.class),
          Map.entry("apps/v1/Deployment", Deployment.class),
          Map.entry("apps/v1/DaemonSet", DaemonSet.class),
          Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
          Map.entry("networking.istio.io/v1/Gateway", Gateway.class),
          Map.entry("networking.istio.io/v1/VirtualService", VirtualService.class),
          Map.entry("networking.istio.io/v1/DestinationRule", DestinationRule.class),
          Map.entry("networking.istio.io/v1alpha3/EnvoyFilter", EnvoyFilter.class),
          Map.entry("telemetry.istio.io/v1/Telemetry", Telemetry.class));

  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .annotationIntrospector(new NoAdditionalProperties())
          .build();

  private StrictModel() {}

  /** Whether the models know the document's kind at all. */
  static boolean knows(JsonNode document) {
    return KINDS.containsKey(kind(document));
  }

  /**
   * What is left of the document after a trip through its class.
   *
   * @throws com.fasterxml.jackson.core.JsonProcessingException naming the unknown field
   */
  static JsonNode roundTrip(JsonNode document) throws Exception {
    Class<?> model = KINDS.get(kind(document));
    if (model == null) {
      throw new IllegalArgumentException("no model for " + kind(document));
    }
    return STRICT.valueToTree(STRICT.treeToValue(document, model));
  }

  /** Equal trees; 100 equals 100.0. */
  static boolean same(JsonNode a, JsonNode b) {
    Comparator<JsonNode> numbers =
        (x, y) -> {
          if (x.isNumber() && y.isNumber()) {
            return x.decimalValue().compareTo(y.decimalValue());
          }
          return x.equals(y) ? 0 : 1;
        };
    return a.equals(numbers, b == null ? NullNode.getInstance() : b);
  }

  private static String kind(JsonNode document) {
    return document.path("apiVersion").asText() + "/" + document.path("kind").asText();
  }

  private static final class NoAdditionalProperties extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated a) {
      return false;
    }

    @Override
    public Boolean hasAnyGetter(Annotated a) {
      return false;
    }

    @Override
    public boolean hasIgnoreMarker(com.fasterxml.jackson.databind.introspect.AnnotatedMember m) {
      return m.getName().equals("getAdditionalProperties")
          || m.getName().equals("setAdditionalProperties")
          || super.hasIgnoreMarker(m);
    }
  }
}
