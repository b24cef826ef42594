package io.hoptoll.agent;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Names of threads as the kernel keeps them, 16 bytes: each made a string once and not once a
 * record, as a node has few. A slot that two names share is made again. One thread.
 */
final class ThreadNames {
  private static final int LENGTH = 16;
  private static final int SLOTS = 256;

  private final long[] begins = new long[SLOTS];
  private final long[] ends = new long[SLOTS];
  private final @Nullable String[] names = new String[SLOTS];

  String at(ByteBuffer b, int at) {
    long begin = b.getLong(at);
    long end = b.getLong(at + Long.BYTES);
    long mixed = (begin + 31 * end) * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed >>> 56);
    String known = names[slot];
    if (known != null && begins[slot] == begin && ends[slot] == end) {
      return known;
    }
    String name = read(b, at);
    begins[slot] = begin;
    ends[slot] = end;
    names[slot] = name;
    return name;
  }

  private static String read(ByteBuffer b, int at) {
    byte[] bytes = new byte[LENGTH];
    b.get(at, bytes);
    int length = 0;
    while (length < LENGTH && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
