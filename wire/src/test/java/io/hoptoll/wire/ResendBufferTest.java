package io.hoptoll.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.protobuf.ByteString;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What goes where the buffer is full: {@link ResendBuffer}. */
class ResendBufferTest {
  private static final ByteString ROWS = ByteString.copyFrom(new byte[72]); // 200 with its objects

  private final ResendBuffer buffer = new ResendBuffer(600);

  @Test
  void ofThoseNeverSentTheOldestGoes() {
    add(3);
    buffer.sendAfter(0);
    assertEquals(10, buffer.add(ROWS, 10, 0, 1));
    assertEquals(1, sentAfter(0), "it may have arrived");
    assertEquals(3, sentAfter(1));
    assertEquals(4, sentAfter(3));
    assertEquals(600, buffer.bytes());
  }

  @Test
  void whatMayHaveArrivedGoesLast() {
    add(3);
    for (int i = 0; i < 3; i++) {
      buffer.sendAfter(i);
    }
    assertEquals(10, buffer.add(ROWS, 10, 0, 1), "the new one itself");
    assertNull(buffer.sendAfter(3));
  }

  @Test
  void whatABatchToldAsLostIsToldAgainIfItGoes() {
    buffer.add(ROWS, 10, 7, 1);
    add(2);
    assertEquals(17, buffer.add(ROWS, 10, 0, 1));
    assertEquals(10, buffer.shed());
  }

  private long sentAfter(long sequence) {
    return Objects.requireNonNull(buffer.sendAfter(sequence)).sequence();
  }

  private void add(int batches) {
    for (int i = 0; i < batches; i++) {
      assertEquals(0, buffer.add(ROWS, 10, 0, 1));
    }
  }
}
