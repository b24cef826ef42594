package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.HttpMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Records of HTTP messages with any bytes: read to an end, and nothing but the list is kept. */
class MessageFuzzTest {
  private static final int RECORDS = 100_000;
  private static final String SECRET = "hunter2";
  private static final int LENGTH = 104;
  private static final int BYTES = 112;

  private final Recorder recorder = new Recorder();
  private final RecordDecoder decoder = new RecordDecoder("here", 1_000_000, recorder);
  private final Random random = new Random(11);

  @Test
  void anyBytesAreReadToAnEnd() {
    byte[] bytes = new byte[BYTES + MessageLayout.MAX_BYTES];
    for (int i = 0; i < RECORDS; i++) {
      random.nextBytes(bytes);
      decode(bytes, random.nextInt(MessageLayout.MAX_BYTES + 1));
    }
    assertEquals(RECORDS, decoder.messages());
  }

  @Test
  void whatIsNotOnTheListIsKeptNowhere() {
    String head =
        "POST /pay?card=hunter2 HTTP/1.1\r\nHost: shop\r\nAuthorization: Basic hunter2\r\n"
            + "Cookie: a=hunter2\r\nx-request-id: r-1\r\nX-Forwarded-For: hunter2\r\n\r\nhunter2";
    byte[] bytes = new byte[BYTES + MessageLayout.MAX_BYTES];
    for (int length = 0; length <= head.length(); length++) {
      byte[] begin = head.substring(0, length).getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(begin, 0, bytes, BYTES, length);
      decode(bytes, length);
    }
    assertFalse(recorder.messages.isEmpty());
    for (HttpMessage m : recorder.messages) {
      assertFalse(m.toString().contains(SECRET), m::toString);
    }
    assertTrue(recorder.messages.stream().anyMatch(m -> m.head().requestId().equals("r-1")));
  }

  private void decode(byte[] bytes, int length) {
    ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    b.putShort(RecordLayout.KIND, (short) RecordLayout.KIND_MESSAGE).putInt(LENGTH, length);
    decoder.record(b, 0, bytes.length);
  }
}
