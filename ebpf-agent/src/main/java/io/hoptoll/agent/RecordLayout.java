package io.hoptoll.agent;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Byte offsets of the probes' records (bpf/src/main/bpf/hoptoll.h), little-endian. Checked against
 * the object's BTF by {@link #check} before anything is attached.
 *
 * <pre>
 *   0 header     kind u16, schema u16, size u32, emitted u64, socket_id u64, turn u32, netns u32
 *  32 tuple      local[16], remote[16], ports u16 x2, family u16, role u8, pad
 *  72 owner      tgid u32, tid u32, comm[16]
 *  96 opening    syn, established, first_use, handshake_start, handshake_end u64, syn_retransmits
 * 144 exchange:  marks u64 x6, bytes u64 x2, counters u32 x16     connection: closed, error, flags, life
 * 272            gauges u32 x6, delivery_rate u64
 *  72 burst:     tgid, tid u32, ready, first, last u64, seq_from, seq_to, in, flags u32
 *  72 head:      in_length, out_length u32, bytes
 *  96 message:   at u64, length, flags u32, bytes      frames: at u64, length, flags, offset, pad u32, bytes
 * </pre>
 */
final class RecordLayout {
  static final int SCHEMA = 1;
  static final int KIND_EXCHANGE = 1;
  static final int KIND_CONNECTION = 2;
  static final int KIND_BURST = 3;
  static final int KIND_HEAD = 4;
  static final int KIND_MESSAGE = 5;
  static final int KIND_FRAMES = 6;

  static final int KIND = 0;
  static final int SCHEMA_AT = 2;
  static final int EMITTED = 8;
  static final int SOCKET_ID = 16;
  static final int TURN = 24;
  static final int NETNS = 28;
  static final int LOCAL = 32;
  static final int REMOTE = 48;
  static final int LOCAL_PORT = 64;
  static final int REMOTE_PORT = 66;
  static final int FAMILY = 68;
  static final int ROLE = 70;
  static final int TGID = 72;
  static final int TID = 76;
  static final int COMM = 80;
  static final int SYN = 96;
  static final int ESTABLISHED = 104;
  static final int FIRST_USE = 112;
  static final int HANDSHAKE_START = 120;
  static final int HANDSHAKE_END = 128;
  static final int SYN_RETRANSMITS = 136;

  static final int READY_FIRST = 144;
  static final int READY_LAST = 152;
  static final int READ_FIRST = 160;
  static final int READ_LAST = 168;
  static final int SEND_FIRST = 176;
  static final int SEND_LAST = 184;
  static final int BYTES_IN = 192;
  static final int BYTES_OUT = 200;
  static final int FLAGS = 208;
  static final int READS = 212;
  static final int SENDS = 216;
  static final int WOULD_BLOCKS = 220;
  static final int READY_EVENTS = 224;
  static final int RECEIVE_QUEUE_MAX = 228;
  static final int RETRANSMITS = 232;
  static final int LOST = 236;
  static final int OUT_OF_ORDER = 240;
  static final int DSACKS = 244;
  static final int BUSY_JIFFIES = 248;
  static final int RWND_LIMITED_JIFFIES = 252;
  static final int SNDBUF_LIMITED_JIFFIES = 256;
  static final int SEGMENTS_IN = 260;
  static final int SEGMENTS_OUT = 264;
  static final int HTTP_STATUS = 268;
  static final int MIN_RTT_US = 272;
  static final int SRTT_US = 276;
  static final int LAST_RTT_US = 280;
  static final int CONGESTION_WINDOW = 284;
  static final int SEND_WINDOW = 288;
  static final int RECEIVE_WINDOW = 292;
  static final int DELIVERY_RATE = 296;
  static final int EXCHANGE_SIZE = 304;

  static final int CLOSED = 144;
  static final int ERROR = 152;
  static final int CONNECTION_FLAGS = 156;
  static final int FIRST_BYTE = 160;
  static final int FIN_SENT = 168;
  static final int FIN_ACKED = 176;
  static final int FIN_RECEIVED = 184;
  static final int INODE = 192;
  static final int BYTES_RECEIVED = 200;
  static final int BYTES_ACKED = 208;
  static final int LAST_STATE = 216;
  static final int LIFE_MIN_RTT_US = 220;
  static final int LIFE_LAST_RTT_US = 224;
  static final int LIFE_SRTT_US = 228;
  static final int LIFE_RETRANSMITS = 232;
  static final int UNREAD = 236;
  static final int CONNECTION_SIZE = 240;

  static final int BURST_TGID = 72;
  static final int BURST_TID = 76;
  static final int BURST_READY = 80;
  static final int BURST_FIRST = 88;
  static final int BURST_LAST = 96;
  static final int BURST_SEQ_FROM = 104;
  static final int BURST_SEQ_TO = 108;
  static final int BURST_IN = 112;
  static final int BURST_FLAGS = 116;
  static final int BURST_SIZE = 120;

  private RecordLayout() {}

  /**
   * @throws AgentException naming the first field that lies elsewhere
   */
  static void check(BtfLayout btf) throws AgentException {
    btf.check("exchange_record", EXCHANGE_SIZE, exchange());
    btf.check("connection_record", CONNECTION_SIZE, connection());
    btf.check("burst_record", BURST_SIZE, burst());
    HeadLayout.check(btf, socket());
    MessageLayout.check(btf, socket());
    FrameLayout.check(btf, socket());
  }

  /**
   * Of what plaintext.bpf.c tells.
   *
   * @throws AgentException naming the first field that lies elsewhere
   */
  static void checkPlaintext(BtfLayout btf) throws AgentException {
    MessageLayout.checkPlaintext(btf, socket());
  }

  private static Map<String, Integer> common() {
    Map<String, Integer> m = socket();
    m.put("owner.tgid", TGID);
    m.put("owner.tid", TID);
    m.put("owner.comm", COMM);
    m.put("opening.syn", SYN);
    m.put("opening.established", ESTABLISHED);
    m.put("opening.first_use", FIRST_USE);
    m.put("opening.handshake_start", HANDSHAKE_START);
    m.put("opening.handshake_end", HANDSHAKE_END);
    m.put("opening.syn_retransmits", SYN_RETRANSMITS);
    return m;
  }

  private static Map<String, Integer> socket() {
    Map<String, Integer> m = new LinkedHashMap<>();
    m.put("header.kind", KIND);
    m.put("header.schema", SCHEMA_AT);
    m.put("header.emitted", EMITTED);
    m.put("header.socket_id", SOCKET_ID);
    m.put("header.turn", TURN);
    m.put("header.netns", NETNS);
    m.put("tuple.local", LOCAL);
    m.put("tuple.remote", REMOTE);
    m.put("tuple.local_port", LOCAL_PORT);
    m.put("tuple.remote_port", REMOTE_PORT);
    m.put("tuple.family", FAMILY);
    m.put("tuple.role", ROLE);
    return m;
  }

  private static Map<String, Integer> exchange() {
    Map<String, Integer> turn = common();
    turn.put("ready_first", READY_FIRST);
    turn.put("ready_last", READY_LAST);
    turn.put("read_first", READ_FIRST);
    turn.put("read_last", READ_LAST);
    turn.put("send_first", SEND_FIRST);
    turn.put("send_last", SEND_LAST);
    turn.put("bytes_in", BYTES_IN);
    turn.put("bytes_out", BYTES_OUT);
    turn.put("flags", FLAGS);
    turn.put("reads", READS);
    turn.put("sends", SENDS);
    turn.put("would_blocks", WOULD_BLOCKS);
    turn.put("ready_events", READY_EVENTS);
    turn.put("receive_queue_max", RECEIVE_QUEUE_MAX);
    turn.put("retransmits", RETRANSMITS);
    turn.put("lost", LOST);
    turn.put("out_of_order", OUT_OF_ORDER);
    turn.put("dsacks", DSACKS);
    turn.put("busy_jiffies", BUSY_JIFFIES);
    turn.put("rwnd_limited_jiffies", RWND_LIMITED_JIFFIES);
    turn.put("sndbuf_limited_jiffies", SNDBUF_LIMITED_JIFFIES);
    turn.put("segments_in", SEGMENTS_IN);
    turn.put("segments_out", SEGMENTS_OUT);
    turn.put("http_status", HTTP_STATUS);
    Map<String, Integer> m = new LinkedHashMap<>();
    turn.forEach((field, at) -> m.put("turn." + field, at));
    m.put("tcp.min_rtt_us", MIN_RTT_US);
    m.put("tcp.srtt_us", SRTT_US);
    m.put("tcp.last_rtt_us", LAST_RTT_US);
    m.put("tcp.congestion_window", CONGESTION_WINDOW);
    m.put("tcp.send_window", SEND_WINDOW);
    m.put("tcp.receive_window", RECEIVE_WINDOW);
    m.put("tcp.delivery_rate", DELIVERY_RATE);
    return m;
  }

  private static Map<String, Integer> connection() {
    Map<String, Integer> m = common();
    m.put("closed", CLOSED);
    m.put("error", ERROR);
    m.put("flags", CONNECTION_FLAGS);
    m.put("life.first_byte", FIRST_BYTE);
    m.put("life.fin_sent", FIN_SENT);
    m.put("life.fin_acked", FIN_ACKED);
    m.put("life.fin_received", FIN_RECEIVED);
    m.put("life.inode", INODE);
    m.put("life.bytes_received", BYTES_RECEIVED);
    m.put("life.bytes_acked", BYTES_ACKED);
    m.put("life.last_state", LAST_STATE);
    m.put("life.min_rtt_us", LIFE_MIN_RTT_US);
    m.put("life.last_rtt_us", LIFE_LAST_RTT_US);
    m.put("life.srtt_us", LIFE_SRTT_US);
    m.put("life.retransmits", LIFE_RETRANSMITS);
    m.put("life.unread", UNREAD);
    return m;
  }

  private static Map<String, Integer> burst() {
    Map<String, Integer> m = socket();
    m.put("tgid", BURST_TGID);
    m.put("tid", BURST_TID);
    m.put("ready", BURST_READY);
    m.put("first", BURST_FIRST);
    m.put("last", BURST_LAST);
    m.put("seq_from", BURST_SEQ_FROM);
    m.put("seq_to", BURST_SEQ_TO);
    m.put("in", BURST_IN);
    m.put("flags", BURST_FLAGS);
    return m;
  }
}
