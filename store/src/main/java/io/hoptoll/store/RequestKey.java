package io.hoptoll.store;

import java.nio.ByteBuffer;

/**
 * Where a request is kept: by its end, so that the oldest go first; and once more by its id's hash,
 * so that it is found. Each key can be made from the other.
 *
 * @param endSecond when it ended, wall clock
 * @param sequence tells those of one second apart, and grows
 * @param idHash of its x-request-id
 */
record RequestKey(long endSecond, long sequence, long idHash) {
  static final int BYTES = 3 * Long.BYTES;
  static final byte[] PRESENT = {1};

  private static final long FNV_BASIS = 0xCBF2_9CE4_8422_2325L;
  private static final long FNV_PRIME = 0x100_0000_01B3L;

  byte[] bytes() {
    return three(endSecond, sequence, idHash);
  }

  byte[] byId() {
    return three(idHash, endSecond, sequence);
  }

  static RequestKey of(byte[] key) {
    ByteBuffer in = ByteBuffer.wrap(key);
    return new RequestKey(in.getLong(), in.getLong(), in.getLong());
  }

  static RequestKey ofId(byte[] key) {
    ByteBuffer in = ByteBuffer.wrap(key);
    long hash = in.getLong();
    return new RequestKey(in.getLong(), in.getLong(), hash);
  }

  /** The first key of an end, or of an id's hash. */
  static byte[] first(long first) {
    return three(first, 0, 0);
  }

  /** FNV-1a over UTF-16: the same in every process, which {@code hashCode} need not be. */
  static long hash(String id) {
    long hash = FNV_BASIS;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * FNV_PRIME;
    }
    return hash;
  }

  private static byte[] three(long a, long b, long c) {
    return ByteBuffer.allocate(BYTES).putLong(a).putLong(b).putLong(c).array();
  }
}
