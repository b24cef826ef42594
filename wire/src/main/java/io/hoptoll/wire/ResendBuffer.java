package io.hoptoll.wire;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Batches that the server has not acknowledged, bounded by bytes. Where it is full, the oldest
 * batch that was never sent goes (what was sent may have arrived), else the oldest. Not
 * thread-safe.
 */
final class ResendBuffer {
  /**
   * @param records without those that tell of losses
   * @param lost what those tell
   * @param madeWallNanos the node's wall clock at its first record
   */
  record Packet(long sequence, ByteString rows, int records, long lost, long madeWallNanos) {
    /** With what the objects take. */
    long bytes() {
      return rows.size() + 128L;
    }
  }

  private final long maxBytes;
  private final TreeMap<Long, Packet> packets = new TreeMap<>();
  private long bytes;
  private long last;
  private long sentUpTo;
  private long shed;

  ResendBuffer(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Keeps a batch under the next sequence number.
   *
   * @return records that the server must be told are lost: given up for this one, or told lost in a
   *     batch that was
   */
  long add(ByteString rows, int records, long lost, long madeWallNanos) {
    Packet added = new Packet(++last, rows, records, lost, madeWallNanos);
    packets.put(added.sequence(), added);
    bytes += added.bytes();
    long untold = 0;
    while (bytes > maxBytes && !packets.isEmpty()) {
      Map.Entry<Long, Packet> unsent = packets.higherEntry(sentUpTo);
      Packet victim = unsent == null ? packets.firstEntry().getValue() : unsent.getValue();
      packets.remove(victim.sequence());
      bytes -= victim.bytes();
      shed += victim.records();
      untold += victim.records() + victim.lost();
    }
    return untold;
  }

  /** The server has applied all up to this one. */
  void acknowledge(long sequence) {
    while (!packets.isEmpty() && packets.firstKey() <= sequence) {
      bytes -= packets.pollFirstEntry().getValue().bytes();
    }
  }

  /** The first batch after this one, to be sent now; null: none. */
  @Nullable Packet sendAfter(long sequence) {
    Map.Entry<Long, Packet> next = packets.higherEntry(sequence);
    if (next == null) {
      return null;
    }
    sentUpTo = Math.max(sentUpTo, next.getKey());
    return next.getValue();
  }

  int inFlight(long sentUpToNow) {
    return packets.headMap(sentUpToNow, true).size();
  }

  boolean isEmpty() {
    return packets.isEmpty();
  }

  long bytes() {
    return bytes;
  }

  long maxBytes() {
    return maxBytes;
  }

  /** Records given up since the start. */
  long shed() {
    return shed;
  }

  /** When the oldest was made, the node's wall clock; 0: none waits. */
  long oldestWallNanos() {
    return packets.isEmpty() ? 0 : packets.firstEntry().getValue().madeWallNanos();
  }
}
