package io.hoptoll.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ThreadNamesTest {
  private final ThreadNames names = new ThreadNames();

  private String name(String text) {
    byte[] bytes = Arrays.copyOf(text.getBytes(UTF_8), 24);
    Arrays.fill(bytes, 16, 24, (byte) 'x'); // what follows in the record
    return names.at(ByteBuffer.wrap(bytes), 0);
  }

  @Test
  void endsAtTheFirstZeroOrAtItsSixteenBytes() {
    assertEquals("", name(""));
    assertEquals("envoy", name("envoy"));
    assertEquals("wrk:worker_0:0123", name("wrk:worker_0:0123") + "3");
  }

  @Test
  void isMadeOnce() {
    assertSame(name("node"), name("node"));
  }

  @Test
  void moreNamesThanSlotsAreStillTheirOwn() {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 2_000; i++) {
        assertEquals("pool-" + i, name("pool-" + i));
      }
    }
  }
}
