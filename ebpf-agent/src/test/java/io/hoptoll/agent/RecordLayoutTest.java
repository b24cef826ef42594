package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The agent's offsets against the object's BTF: a layout changed on one side only is refused. */
@Tag("bpf")
class RecordLayoutTest {
  private static final String OBJECT = Architecture.object("exchange");

  @BeforeEach
  void needsLibbpf() {
    Readiness readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
  }

  @Test
  void theShippedObjectHasTheAgentsLayout() throws AgentException {
    BpfObject.load(OBJECT, o -> RecordLayout.check(new BtfLayout(o.btf()))).close();
  }

  @Test
  void aWrongOffsetIsRefusedByName() {
    assertEquals(
        "exchange_record.turn.tuple.local_port is at byte 64, not 66",
        refusal(
            "exchange_record", RecordLayout.EXCHANGE_SIZE, Map.of("turn.tuple.local_port", 66)));
  }

  @Test
  void aWrongSizeIsRefused() {
    assertEquals(
        "struct connection_record has 240 bytes, not 248",
        refusal("connection_record", RecordLayout.CONNECTION_SIZE + 8, Map.of()));
  }

  @Test
  void aFieldOrStructThatIsGoneIsRefused() {
    assertEquals(
        "struct exchange_record has no field turn.opening.fin",
        refusal("exchange_record", RecordLayout.EXCHANGE_SIZE, Map.of("turn.opening.fin", 0)));
    assertEquals("struct no_record is not in the object's BTF", refusal("no_record", 8, Map.of()));
  }

  private static String refusal(String struct, int size, Map<String, Integer> offsets) {
    BpfObject.Setup check = o -> new BtfLayout(o.btf()).check(struct, size, offsets);
    return String.valueOf(
        assertThrows(AgentException.class, () -> BpfObject.load(OBJECT, check)).getMessage());
  }
}
