package io.hoptoll.correlator;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link Out} wrote; other bytes end in {@link IndexOutOfBoundsException} or {@link
 * IllegalArgumentException}.
 */
final class In {
  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The bit of each of eight bytes that all but a number's last byte have. */
  private static final long MORE = 0x8080_8080_8080_8080L;

  private final byte[] bytes;
  private int at;

  In(byte[] bytes) {
    this(bytes, 0);
  }

  In(byte[] bytes, int at) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Refuses bytes of another version. */
  static In of(byte[] bytes, int version) {
    In in = new In(bytes);
    int found = in.octet();
    if (found != version) {
      throw new IllegalArgumentException("version " + found + ", not " + version);
    }
    return in;
  }

  boolean isAtEnd() {
    return at == bytes.length;
  }

  int octet() {
    return bytes[at++] & 0xFF;
  }

  long number() {
    int first = octet();
    if (first < 0x80) {
      return first; // most
    }
    long value = first & 0x7F;
    for (int shift = 7; shift < 64; shift += 7) {
      int b = octet();
      value |= (long) (b & 0x7F) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number of more than ten bytes");
  }

  /** Where the next byte is read. */
  int at() {
    return at;
  }

  /**
   * Passes over numbers, eight bytes at a time: it ends where {@link #number} would, but of numbers
   * that are too long only that one complains.
   */
  void skip(long numbers) {
    long left = numbers;
    while (left >= Long.BYTES && at <= bytes.length - Long.BYTES) {
      left -= Long.bitCount(~(long) EIGHT_BYTES.get(bytes, at) & MORE);
      at += Long.BYTES;
    }
    while (left > 0) {
      left -= bytes[at++] >= 0 ? 1 : 0;
    }
  }

  /** The next two numbers where each is one byte, as {@code second << 8 | first}; else -1. */
  int twoOctets() {
    if (at + 1 >= bytes.length || (bytes[at] | bytes[at + 1]) < 0) {
      return -1;
    }
    at += 2;
    return bytes[at - 1] << 8 | bytes[at - 2];
  }

  long signed() {
    long value = number();
    return value >>> 1 ^ -(value & 1);
  }

  /** A count of things that take at least a byte each. */
  int count() {
    long n = number();
    if (n < 0 || n > bytes.length - at) {
      throw new IllegalArgumentException("a count of " + n + " beyond the end");
    }
    return (int) n;
  }

  String text() {
    int length = count();
    at += length;
    return new String(bytes, at - length, length, StandardCharsets.UTF_8);
  }

  byte[] blob() {
    int length = count();
    at += length;
    return java.util.Arrays.copyOfRange(bytes, at - length, at);
  }
}
