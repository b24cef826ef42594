package io.hoptoll.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hoptoll.samples.Samples.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every document is what Kubernetes' and Istio's models say it may be, and nothing more. */
class ModelTest {
  /** Maps with keys of one's own, and what Istio hands to Envoy unread. */
  private static final List<String> FREE =
      List.of("/labels", "/matchLabels", "/spec/selector", "/requests", "/limits", "/patch/value");

  @ParameterizedTest
  @MethodSource("modelled")
  void everyFieldIsKnownAndKept(Document document) throws Exception {
    JsonNode after = StrictModel.roundTrip(document.tree());
    assertTrue(
        StrictModel.same(document.tree(), after),
        () -> document + " became\n" + after.toPrettyString());
  }

  /** What has no model here is checked field by field in {@link MeshConfigTest}. */
  @Test
  void onlyMeshConfigsHaveNoModel() {
    List<String> rest =
        Samples.documents().stream()
            .filter(d -> !StrictModel.knows(d.tree()))
            .map(d -> d.kind() + " in " + d.file())
            .toList();
    assertEquals(
        List.of(
            "IstioOperator in istio/mesh-config-1.13.yaml",
            "IstioOperator in istio/mesh-config.yaml"),
        rest);
  }

  /** The check itself is checked: a field too many is found wherever it stands. */
  @ParameterizedTest
  @MethodSource("modelled")
  void misspeltFieldIsFoundAtEveryDepth(Document document) {
    List<String> unnoticed = new ArrayList<>();
    for (String at : objects("", document.tree())) {
      JsonNode wrong = document.tree().deepCopy();
      ((ObjectNode) wrong.at(at)).put("misspelt", "x");
      try {
        if (StrictModel.same(wrong, StrictModel.roundTrip(wrong))) {
          unnoticed.add(at);
        }
      } catch (Exception expected) {
        // found
      }
    }
    assertEquals(List.of(), unnoticed, document.toString());
  }

  /**
   * Pointers to all objects whose fields the models name; not maps, not Envoy's own configuration.
   */
  private static List<String> objects(String at, JsonNode node) {
    List<String> found = new ArrayList<>();
    if (FREE.stream().anyMatch(at::endsWith)) {
      return found;
    }
    if (node.isObject()) {
      found.add(at);
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      found.addAll(objects(at + "/" + field.getKey(), field.getValue()));
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      found.addAll(objects(at + "/" + i, node.get(i)));
    }
    return found;
  }

  static List<Document> modelled() {
    return Samples.documents().stream().filter(d -> StrictModel.knows(d.tree())).toList();
  }
}
