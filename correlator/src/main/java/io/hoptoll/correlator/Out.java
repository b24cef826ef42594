package io.hoptoll.correlator;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes being written: numbers as LEB128 varints, signed ones by zigzag, texts as UTF-8. */
final class Out {
  private byte[] bytes = new byte[512];
  private int size;

  Out octet(int value) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size);
    }
    bytes[size++] = (byte) value;
    return this;
  }

  Out number(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      octet((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    return octet((int) rest);
  }

  Out signed(long value) {
    return number(value << 1 ^ value >> 63);
  }

  Out text(String value) {
    return blob(value.getBytes(StandardCharsets.UTF_8));
  }

  Out blob(byte[] value) {
    number(value.length);
    for (byte b : value) {
      octet(b);
    }
    return this;
  }

  byte[] bytes() {
    return Arrays.copyOf(bytes, size);
  }
}
