package io.hoptoll.agent;

import io.hoptoll.model.Nanos;
import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.SocketSink;
import io.hoptoll.model.TransportEvent;
import io.hoptoll.model.TransportEvent.Kind;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Events and drop counts of loss.bpf.c → model. Reads in place; one thread. */
final class LossDecoder implements RingBuffer.Sink {
  private static final int AF_INET = 2;
  private static final Kind[] KINDS = Kind.values();

  private final String node;
  private final Map<Integer, String> resetReasons;
  private final Map<Integer, String> dropReasons;
  private final KernelSymbols symbols;
  private final SocketSink out;
  private long events;
  private long drops;

  LossDecoder(String node, KernelTypes kernel, KernelSymbols symbols, SocketSink out) {
    this.node = node;
    this.resetReasons = kernel.names("sk_rst_reason", "SK_RST_REASON_");
    this.dropReasons = kernel.names("skb_drop_reason", "SKB_DROP_REASON_");
    this.symbols = symbols;
    this.out = out;
  }

  long events() {
    return events;
  }

  /** Packets, not entries. */
  long drops() {
    return drops;
  }

  @Override
  public void record(ByteBuffer b, int at, int length) {
    events++;
    Kind kind = KINDS[b.getInt(at + LossLayout.KIND)];
    int reason = b.getInt(at + LossLayout.REASON);
    out.transport(
        new TransportEvent(
            node,
            Integer.toUnsignedLong(b.getInt(at + RecordLayout.NETNS)),
            b.getLong(at + RecordLayout.SOCKET_ID),
            b.getInt(at + RecordLayout.TURN),
            b.getLong(at + RecordLayout.EMITTED),
            RecordDecoder.tuple(b, at),
            RecordDecoder.role(b, at),
            b.getInt(at + LossLayout.TGID),
            kind,
            b.getInt(at + LossLayout.AMOUNT),
            b.getInt(at + LossLayout.QUEUED),
            b.getInt(at + LossLayout.LIMIT),
            kind == Kind.RESET_SENT ? name(resetReasons, reason) : "",
            b.getInt(at + LossLayout.SEQ)));
  }

  /** A batch of the drops map: keys and their counts, one after another. */
  void drops(ByteBuffer keys, ByteBuffer counts, int entries) {
    Set<Long> locations = new HashSet<>();
    for (int i = 0; i < entries; i++) {
      locations.add(keys.getLong(i * LossLayout.DROP_KEY_SIZE + LossLayout.LOCATION));
    }
    symbols.prepare(locations);
    for (int i = 0; i < entries; i++) {
      out.drop(drop(keys, i * LossLayout.DROP_KEY_SIZE, counts, i * LossLayout.DROP_COUNT_SIZE));
    }
  }

  private PacketDrop drop(ByteBuffer k, int key, ByteBuffer c, int count) {
    boolean v4 = k.getShort(key + LossLayout.FAMILY) == AF_INET;
    short from = k.getShort(key + LossLayout.SOURCE_PORT);
    short to = k.getShort(key + LossLayout.DESTINATION_PORT);
    long packets = c.getLong(count + LossLayout.PACKETS);
    long last = c.getLong(count + LossLayout.LAST);
    drops += packets;
    return new PacketDrop(
        node,
        Integer.toUnsignedLong(k.getInt(key + LossLayout.NETNS)),
        c.getLong(count + LossLayout.SOCKET_ID),
        c.getInt(count + LossLayout.TURN),
        RecordDecoder.endpoint(k, key + LossLayout.SOURCE, v4, from),
        RecordDecoder.endpoint(k, key + LossLayout.DESTINATION, v4, to),
        c.getLong(count + LossLayout.FIRST),
        last == 0 ? Nanos.UNSET : last,
        packets,
        c.getLong(count + LossLayout.BYTES),
        c.getInt(count + LossLayout.TCP_FLAGS),
        name(dropReasons, k.getInt(key + LossLayout.DROP_REASON)),
        symbols.name(k.getLong(key + LossLayout.LOCATION)));
  }

  /** Reasons of a kernel subsystem of its own have no name in the enum. */
  private static String name(Map<Integer, String> names, int value) {
    String name = names.get(value);
    return name == null ? "reason " + Integer.toUnsignedString(value) : name;
  }
}
