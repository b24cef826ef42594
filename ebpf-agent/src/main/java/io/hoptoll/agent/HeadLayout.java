package io.hoptoll.agent;

import io.hoptoll.agent.l7.Heads;
import java.nio.ByteBuffer;
import java.util.Map;

/** Byte offsets of the records of first bytes, behind what {@link RecordLayout} has of all. */
final class HeadLayout {
  private static final int IN_LENGTH = 72;
  private static final int OUT_LENGTH = 76;
  private static final int BYTES = 80;
  private static final int SIZE = 144;
  private static final int LONG_SIZE = 592;

  /** Where what went out begins, if something came in. */
  private static final int KEPT = 32;

  private HeadLayout() {}

  static void check(BtfLayout btf, Map<String, Integer> common) throws AgentException {
    common.put("in_length", IN_LENGTH);
    common.put("out_length", OUT_LENGTH);
    common.put("bytes", BYTES);
    btf.check("head_record", SIZE, common);
    btf.check("long_head_record", LONG_SIZE, common);
  }

  static Heads read(ByteBuffer b, int at, boolean isClient) {
    int came = b.getInt(at + IN_LENGTH);
    byte[] in = bytes(b, at + BYTES, came);
    byte[] out = bytes(b, at + BYTES + (came == 0 ? 0 : KEPT), b.getInt(at + OUT_LENGTH));
    return isClient ? new Heads(out, in) : new Heads(in, out);
  }

  private static byte[] bytes(ByteBuffer b, int at, int length) {
    byte[] bytes = new byte[length];
    b.get(at, bytes);
    return bytes;
  }
}
