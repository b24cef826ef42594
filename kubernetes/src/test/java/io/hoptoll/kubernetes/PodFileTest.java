package io.hoptoll.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file in place of Kubernetes, and what is said of one that cannot be used. */
class PodFileTest {
  private static final String ID = "ab".repeat(32);

  @TempDir private Path dir;

  @Test
  void everyFieldAndTheDefaults() throws IOException {
    List<Pod> pods =
        read(
            "pods:\n"
                + "  - name: details-1\n    addresses: [10.2.0.3, 'fd00::3']\n"
                + "  - {namespace: shop, name: cart-1, workload: cart,\n"
                + ("     containers: [{id: " + ID + ", name: istio-proxy, sidecar: true}]}\n"));
    assertEquals(
        new Pod(
            "default",
            "details-1",
            "",
            "details-1",
            List.of("10.2.0.3", "fd00::3"),
            false,
            List.of(),
            false),
        pods.get(0));
    assertEquals("cart", pods.get(1).workload());
    assertEquals(new Pod.Container(ID, "istio-proxy", true), pods.get(1).containers().get(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pod: []|top level must be 'pods:'",
        "pods: [{addresses: [10.0.0.1]}]|pods[0].name is missing",
        "pods: [{name: a}]|pods[0] needs addresses or containers",
        "pods: [{name: a, adresses: [10.0.0.1]}]|pods[0].adresses is not one of",
        "pods: [{name: a, addresses: 10.0.0.1}]|pods[0].addresses must be a list",
        "pods: [{name: a, containers: [{id: 12}]}]|containers[0].id must be the 64 hex digits",
        "pods: [a]|pods[0] must have addresses, containers",
        "pods: [{name: a|while parsing"
      })
  void aRefusalSaysWhereAndWhat(String text, String words) {
    IOException refusal = assertThrows(IOException.class, () -> read(text));
    String said = String.valueOf(refusal.getMessage());
    assertTrue(said.contains(words), said);
    assertTrue(said.contains("pods.yaml"), said);
  }

  private List<Pod> read(String text) throws IOException {
    return PodFile.read(Files.writeString(dir.resolve("pods.yaml"), text));
  }
}
