package io.hoptoll.agent;

import java.util.Map;

/** Byte offsets of what plaintext.bpf.c tells (bpf/src/main/bpf/plaintext.h). */
final class PlaintextLayout {
  static final int CONNECTION = 72;
  static final int BEGAN = 80;
  static final int TGID = 88;
  static final int TID = 92;
  static final int COMM = 96;
  static final int IN = 112;
  static final int LENGTH = 116;
  static final int BYTES = 120;

  /** Most bytes of one message, PLAINTEXT_BYTES. */
  static final int MAX_BYTES = 2_048;

  static final int SIZE = BYTES + MAX_BYTES;

  private PlaintextLayout() {}

  /**
   * @throws AgentException naming the first field that lies elsewhere
   */
  static void check(BtfLayout btf) throws AgentException {
    btf.check(
        "plaintext_record",
        SIZE,
        Map.of(
            "header.emitted", RecordLayout.EMITTED,
            "tuple.local", RecordLayout.LOCAL,
            "connection", CONNECTION,
            "began", BEGAN,
            "tgid", TGID,
            "tid", TID,
            "comm", COMM,
            "in", IN,
            "length", LENGTH,
            "bytes", BYTES));
  }
}
