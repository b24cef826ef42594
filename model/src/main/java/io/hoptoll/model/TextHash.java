package io.hoptoll.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * 64 bits of a text's UTF-8 bytes, the same wherever it came from; 0 is the empty text alone. Eight
 * bytes at a time, multiplied (Knuth, TAOCP 3, 6.4): no defence against who chooses texts to
 * collide.
 */
public final class TextHash {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** 2^64 / golden ratio. */
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private TextHash() {}

  public static long of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return of(bytes, 0, bytes.length);
  }

  public static long of(byte[] bytes, int from, int length) {
    if (length == 0) {
      return 0;
    }
    int at = from;
    int end = from + length;
    long hash = length;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      hash = mix(hash ^ (long) WORD.get(bytes, at));
    }
    hash = mix(hash ^ word(bytes, at, end - at));
    return hash == 0 ? SPREAD : hash;
  }

  /** Up to seven bytes as the low end of a word, 0 above. */
  public static long word(byte[] bytes, int from, int count) {
    if (from + Long.BYTES <= bytes.length) {
      return (long) WORD.get(bytes, from) & (1L << count * Byte.SIZE) - 1;
    }
    long word = 0;
    for (int i = 0; i < count; i++) {
      word |= (bytes[from + i] & 0xFFL) << i * Byte.SIZE;
    }
    return word;
  }

  private static long mix(long bits) {
    long spread = bits * SPREAD;
    return spread ^ spread >>> 32;
  }
}
