package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.NetworkNamespace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Profiling tasks end with a namespace: they hear of it from the correlator. */
class NamespaceEndTest {
  @Test
  void listenersHearThatANamespaceCameAndThatItIsGone() {
    Correlator correlator = new Correlator(Sensitivity.DEFAULT);
    List<NetworkNamespace> heard = new ArrayList<>();
    correlator.onNamespace(heard::add);
    NetworkNamespace here = new NetworkNamespace("n", 7, List.of(Endpoint.parse("10.0.0.7", 0)));
    NetworkNamespace gone = new NetworkNamespace("n", 7, List.of());
    correlator.namespace(here);
    correlator.namespace(gone);
    assertEquals(List.of(here, gone), heard);
  }
}
