package io.hoptoll.bench.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.fault.Truth;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionTest {
  @Test
  void countsWhatWasCalledWhat() {
    Confusion c = new Confusion();
    c.add("TRANSPORT", "TRANSPORT");
    c.add("TRANSPORT", "TRANSPORT");
    c.add("TRANSPORT", "SERVER_APP");
    c.add("SERVER_APP", "HEALTHY");
    assertEquals(2, c.count("TRANSPORT", "TRANSPORT"));
    assertEquals(0, c.count("SERVER_APP", "SERVER_APP"));
    assertEquals(
        """
        | truth | healthy | server app | transport |
        | --- | ---: | ---: | ---: |
        | server app | 1 | | |
        | transport | | 1 | **2** |
        """,
        c.toMarkdown("truth"));
  }

  @Test
  void aSidecarIsOneProcessWhicheverHopItIsSeenFrom() {
    Truth truth = truth(Party.SERVER_SIDECAR, "client", "hop1-v1");
    assertTrue(judge(truth, "SERVER_SIDECAR", "client", "hop1-v1.default").partyRight());
    assertTrue(judge(truth, "CLIENT_SIDECAR", "hop1-v1.default", "hop2-v1.default").partyRight());
    Judge next = judge(truth, "SERVER_SIDECAR", "hop1-v1.default", "hop2-v1.default");
    assertFalse(next.partyRight());
    assertEquals("SERVER_SIDECAR (elsewhere)", next.party());
    assertFalse(judge(truth, "SERVER_APP", "client", "hop1-v1.default").partyRight());
  }

  @Test
  void aWireHasTwoEnds() {
    Truth truth = truth(Party.TRANSPORT, "hop1-v1", "hop2-v1");
    assertTrue(judge(truth, "TRANSPORT", "hop1-v1.default", "hop2-v1.default").partyRight());
    assertFalse(judge(truth, "TRANSPORT", "client", "hop1-v1.default").partyRight());
  }

  @Test
  void theRightCauseOfAnotherIsNotRight() {
    Truth truth = truth(Party.SERVER_SIDECAR, "client", "hop1-v1");
    assertTrue(judge(truth, "SERVER_SIDECAR", "client", "hop1-v1").causeRight());
    assertFalse(judge(truth, "SERVER_SIDECAR", "hop1-v1", "hop2-v1").causeRight());
  }

  private static Truth truth(Party party, String from, String to) {
    Truth.Held held = new Truth.Held(1, 1, 1, 1);
    return new Truth("fault", party, Cause.SIDECAR_FROZEN, from, to, 0, 1, held, "");
  }

  private static Judge judge(Truth truth, String party, String client, String server) {
    JsonObject edge = new JsonObject().put("client", client).put("server", server);
    JsonObject finding =
        new JsonObject().put("party", party).put("cause", "SIDECAR_FROZEN").put("edge", edge);
    return Judge.of(
        truth, new Answer(new JsonObject().put("findings", new JsonArray(List.of(finding)))));
  }
}
