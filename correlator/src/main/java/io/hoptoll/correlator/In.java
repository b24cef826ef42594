package io.hoptoll.correlator;

import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link Out} wrote; other bytes end in {@link IndexOutOfBoundsException} or {@link
 * IllegalArgumentException}.
 */
final class In {
  /** Bytes of a number at most. */
  private static final int LONGEST = 10;

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

  /** Passes over numbers, as {@link #number} would read them. */
  void skip(long numbers) {
    int length = 0;
    for (long left = numbers; left > 0; ) {
      if (bytes[at++] >= 0) {
        left--;
        length = 0;
      } else if (++length == LONGEST) {
        throw new IllegalArgumentException("a number of more than ten bytes");
      }
    }
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
