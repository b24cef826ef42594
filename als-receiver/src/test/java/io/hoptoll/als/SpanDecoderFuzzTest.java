package io.hoptoll.als;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.hoptoll.model.SidecarSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Bytes gone bad: protobuf refuses them, or the decoder makes a span or a reason; never a throw.
 */
class SpanDecoderFuzzTest {
  private static final int ROUNDS = 20_000;

  @Test
  void everyDecodableMutationGivesASpanOrAReason() throws Exception {
    byte[] entry = recorded();
    Random random = new Random(23);
    List<Malformed> reasons = new ArrayList<>();
    SpanDecoder decoder =
        new SpanDecoder(
            ProxyIdentity.decode(Node.newBuilder().setId("fuzz").build(), "unix"),
            "log",
            reasons::add);
    int spans = 0;
    int undecodable = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] mutated = entry.clone();
      for (int flips = 1 + random.nextInt(7); flips > 0; flips--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      int before = reasons.size();
      try {
        SidecarSpan span = decoder.decode(HTTPAccessLogEntry.parseFrom(mutated));
        assertTrue((span == null) == (reasons.size() == before + 1), "a span or one reason");
        spans += span == null ? 0 : 1;
      } catch (InvalidProtocolBufferException e) {
        undecodable++;
      }
    }
    int all = spans + undecodable + reasons.size();
    assertTrue(all == ROUNDS && spans > 1_000 && undecodable > 1_000, spans + " / " + undecodable);
  }

  private static byte[] recorded() {
    HTTPAccessLogEntry entry = RecordedEntries.load("upstream-log").get(0).http();
    if (entry == null) {
      throw new AssertionError("the first entry of the recording is no HTTP entry");
    }
    return entry.toByteArray();
  }
}
