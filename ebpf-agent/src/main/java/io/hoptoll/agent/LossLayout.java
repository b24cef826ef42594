package io.hoptoll.agent;

import java.util.Map;

/** Byte offsets of what loss.bpf.c reports (bpf/src/main/bpf/loss.h); see {@link RecordLayout}. */
final class LossLayout {
  static final int KIND = 72;
  static final int TGID = 76;
  static final int AMOUNT = 80;
  static final int LIMIT = 84;
  static final int QUEUED = 88;
  static final int REASON = 92;
  static final int SEQ = 96;
  static final int EVENT_SIZE = 104;

  static final int SOURCE = 0;
  static final int DESTINATION = 16;
  static final int SOURCE_PORT = 32;
  static final int DESTINATION_PORT = 34;
  static final int FAMILY = 36;
  static final int NETNS = 40;
  static final int DROP_REASON = 44;
  static final int LOCATION = 48;
  static final int DROP_KEY_SIZE = 56;

  static final int FIRST = 0;
  static final int LAST = 8;
  static final int SOCKET_ID = 16;
  static final int PACKETS = 24;
  static final int BYTES = 32;
  static final int TURN = 40;
  static final int TCP_FLAGS = 44;
  static final int DROP_COUNT_SIZE = 48;

  private LossLayout() {}

  /**
   * @throws AgentException naming the first field that lies elsewhere
   */
  static void check(BtfLayout btf) throws AgentException {
    btf.check(
        "loss_record",
        EVENT_SIZE,
        Map.of(
            "header.emitted", RecordLayout.EMITTED,
            "tuple.local", RecordLayout.LOCAL,
            "kind", KIND,
            "tgid", TGID,
            "amount", AMOUNT,
            "limit", LIMIT,
            "queued", QUEUED,
            "reason", REASON,
            "seq", SEQ));
    btf.check(
        "drop_key",
        DROP_KEY_SIZE,
        Map.of(
            "source", SOURCE,
            "destination", DESTINATION,
            "source_port", SOURCE_PORT,
            "destination_port", DESTINATION_PORT,
            "family", FAMILY,
            "netns", NETNS,
            "reason", DROP_REASON,
            "location", LOCATION));
    btf.check(
        "drop_count",
        DROP_COUNT_SIZE,
        Map.of(
            "first", FIRST,
            "last", LAST,
            "socket_id", SOCKET_ID,
            "packets", PACKETS,
            "bytes", BYTES,
            "turn", TURN,
            "tcp_flags", TCP_FLAGS));
  }
}
