package io.hoptoll.agent;

import java.nio.ByteBuffer;
import java.util.Map;

/** Byte offsets of the records of HTTP/2 frames, behind what {@link RecordLayout} has of all. */
final class FrameLayout {
  static final int MAX_BYTES = 256;
  static final int LENGTH = 104;
  static final int FLAGS = 108;
  static final int OFFSET = 112;
  static final int BYTES = 120;

  private static final int FLAG_IN = 1;
  private static final int AT = 96;

  private FrameLayout() {}

  static void check(BtfLayout btf, Map<String, Integer> common) throws AgentException {
    common.put("owner.tgid", RecordLayout.TGID);
    common.put("owner.tid", RecordLayout.TID);
    common.put("owner.comm", RecordLayout.COMM);
    common.put("at", AT);
    common.put("length", LENGTH);
    common.put("flags", FLAGS);
    common.put("offset", OFFSET);
    common.put("bytes", BYTES);
    btf.check("frame_record", BYTES + MAX_BYTES, common);
  }

  static long atNanos(ByteBuffer b, int at) {
    return b.getLong(at + AT);
  }

  static boolean incoming(ByteBuffer b, int at) {
    return (b.getInt(at + FLAGS) & FLAG_IN) != 0;
  }

  /** How many bytes of this direction were told before. */
  static int offset(ByteBuffer b, int at) {
    return b.getInt(at + OFFSET);
  }

  static byte[] bytes(ByteBuffer b, int at) {
    byte[] bytes = new byte[b.getInt(at + LENGTH)];
    b.get(at + BYTES, bytes);
    return bytes;
  }
}
