package io.hoptoll.agent;

import io.hoptoll.agent.l7.HttpHeads;
import io.hoptoll.model.HttpHead;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Byte offsets of the records of HTTP/1 messages, behind what {@link RecordLayout} has of all. */
final class MessageLayout {
  /** Most bytes of a message that a record holds. */
  static final int MAX_BYTES = 512;

  private static final int FLAG_IN = 1;
  private static final int FLAG_TLS = 2;
  private static final int FLAG_GO = 4;
  private static final int AT = 96;
  private static final int LENGTH = 104;
  private static final int FLAGS = 108;
  private static final int BYTES = 112;

  /** Most bytes of a message out of TLS, PLAINTEXT_BYTES. */
  static final int MAX_PLAINTEXT_BYTES = 2_048;

  private static final int CONNECTION = BYTES + MAX_PLAINTEXT_BYTES;

  /** Of a record that tells of a message out of TLS (bpf/src/main/bpf/plaintext.h). */
  static final int PLAINTEXT_SIZE = CONNECTION + Long.BYTES;

  private MessageLayout() {}

  static void check(BtfLayout btf, Map<String, Integer> common) throws AgentException {
    Map<String, Integer> all = fields(common);
    btf.check("message_record", BYTES + 256, all);
    btf.check("long_message_record", BYTES + MAX_BYTES, all);
  }

  static void checkPlaintext(BtfLayout btf, Map<String, Integer> common) throws AgentException {
    Map<String, Integer> all = fields(common);
    all.put("connection", CONNECTION);
    btf.check("plaintext_record", PLAINTEXT_SIZE, all);
  }

  private static Map<String, Integer> fields(Map<String, Integer> common) {
    common.put("owner.tgid", RecordLayout.TGID);
    common.put("owner.tid", RecordLayout.TID);
    common.put("owner.comm", RecordLayout.COMM);
    common.put("at", AT);
    common.put("length", LENGTH);
    common.put("flags", FLAGS);
    common.put("bytes", BYTES);
    return common;
  }

  /** With the process' id: the connection inside which it went. */
  static long connection(ByteBuffer b, int at) {
    return b.getLong(at + CONNECTION);
  }

  static long atNanos(ByteBuffer b, int at) {
    return b.getLong(at + AT);
  }

  static boolean incoming(ByteBuffer b, int at) {
    return (b.getInt(at + FLAGS) & FLAG_IN) != 0;
  }

  static boolean plaintextOfTls(ByteBuffer b, int at) {
    return (b.getInt(at + FLAGS) & FLAG_TLS) != 0;
  }

  /** Out of Go's crypto/tls. */
  static boolean byGo(ByteBuffer b, int at) {
    return (b.getInt(at + FLAGS) & FLAG_GO) != 0;
  }

  /** What is kept of the bytes: they end here. Null where they are no head of HTTP/1. */
  static @Nullable HttpHead head(ByteBuffer b, int at) {
    byte[] bytes = new byte[b.getInt(at + LENGTH)];
    b.get(at + BYTES, bytes);
    return HttpHeads.parse(bytes);
  }
}
