package io.hoptoll.store;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A window's part: its start (8 bytes, big-endian), then the part's name. */
final class Keys {
  static final int START = Long.BYTES;

  private Keys() {}

  static byte[] of(long startSecond, byte... name) {
    return ByteBuffer.allocate(START + name.length).putLong(startSecond).put(name).array();
  }

  static long start(byte[] key) {
    return ByteBuffer.wrap(key).getLong();
  }

  static byte[] name(byte[] key) {
    return Arrays.copyOfRange(key, START, key.length);
  }

  static boolean isOf(byte[] key, long startSecond, byte kind) {
    return key.length > START && start(key) == startSecond && key[START] == kind;
  }
}
