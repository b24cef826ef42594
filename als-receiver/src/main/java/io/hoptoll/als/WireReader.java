package io.hoptoll.als;

import com.google.protobuf.ByteString;
import io.hoptoll.model.TextHash;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A cursor over one message in protobuf's wire format. Accepts and refuses exactly what {@code
 * CodedInputStream} does: varints of up to ten bytes cut to the field's width, groups 100 levels
 * deep at most, strings of valid UTF-8 only. (Of a number in ten bytes, the tenth is bit 63 here;
 * protobuf-java takes its value or 1, depending on how many bytes follow. No encoder writes one
 * where the two differ.)
 *
 * <p>A sub-message is read between {@link #enter} and {@link #leave}; within, {@link #tag} gives 0
 * at its end. Texts are given as slices (offset and length in one long, {@link Slice}), so that
 * nothing is copied before it is known to be needed. One thread.
 */
final class WireReader {
  /** protobuf-java's default recursion limit; messages and groups both count. */
  static final int DEPTH_MAX = 100;

  /** Lengths and tags of two messages, a text of one byte, a port of one byte. */
  private static final int PLAIN_ADDRESS_MIN = 8;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Two tags, and numbers of five bytes: until the year 3058, and less than four seconds. */
  private static final int PLAIN_TIME_MAX = 12;

  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private byte[] bytes = {};
  private int position;
  private int limit;
  private int depth;
  private long lastText;
  private long lastSeconds;
  private int lastNanos;

  void reset(byte[] message, int length) {
    bytes = message;
    position = 0;
    limit = length;
    depth = 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int position() {
    return position;
  }

  /** Back to where a sub-message began that was read and left. */
  void back(int to) {
    position = to;
  }

  /** The next field's tag, or 0 at the end of the message. */
  int tag() throws WireException {
    int at = position;
    if (at == limit) {
      return 0;
    }
    int tag = bytes[at];
    if (tag >= 0) {
      position = at + 1;
    } else if (at + 1 < limit && bytes[at + 1] >= 0) { // field numbers from 16 up
      tag = tag & 0x7F | bytes[at + 1] << 7;
      position = at + 2;
    } else {
      tag = (int) longVarint();
    }
    if (tag >>> Tags.NUMBER_SHIFT == 0) {
      throw bad("a field without number");
    }
    return tag;
  }

  /**
   * Whether this tag comes next; then it is read. Encoders write fields in the order of their
   * numbers, so that to ask for each in turn is faster than to look up what a tag means.
   */
  boolean next(int tag) {
    int at = position;
    if (tag <= Byte.MAX_VALUE) {
      if (at == limit || bytes[at] != tag) {
        return false;
      }
      position = at + 1;
      return true;
    }
    if (limit - at < 2 || bytes[at] != (byte) (tag | 0x80) || bytes[at + 1] != tag >> 7) {
      return false;
    }
    position = at + 2;
    return true;
  }

  /** The low 32 bits, as protobuf reads its 32-bit fields and lengths. */
  int varint32() throws WireException {
    return (int) varint64();
  }

  long varint64() throws WireException {
    int at = position;
    if (at < limit) {
      byte first = bytes[at];
      if (first >= 0) {
        position = at + 1;
        return first;
      }
    }
    return at + Long.BYTES <= bytes.length ? wordVarint(at) : longVarint();
  }

  /**
   * An {@code Address} as Envoy writes nearly all of them: a socket address of a text in ASCII and
   * a port number, no more. Gives its port and leaves its text in {@link #lastText}; -1 where it is
   * anything else, and then nothing was read.
   */
  int plainAddress() {
    int at = position;
    if (limit - at < PLAIN_ADDRESS_MIN) {
      return -1;
    }
    int length = bytes[at];
    int end = at + 1 + length;
    if (length < PLAIN_ADDRESS_MIN - 1
        || end > limit
        || bytes[at + 1] != Tags.Address.SOCKET_ADDRESS
        || bytes[at + 2] != length - 2
        || bytes[at + 3] != Tags.SocketAddress.ADDRESS) {
      return -1;
    }
    int text = at + 5;
    int textEnd = text + bytes[at + 4];
    if (textEnd <= text || textEnd + 1 >= end || bytes[textEnd] != Tags.SocketAddress.PORT_VALUE) {
      return -1;
    }
    int port = shortVarint(textEnd + 1, end);
    if (port < 0 || !isAscii(text, textEnd)) {
      return -1;
    }
    lastText = Slice.of(text, textEnd - text);
    position = end;
    return port;
  }

  /**
   * A {@code Duration} or {@code Timestamp} as encoders write it: seconds and nanoseconds in this
   * order or one of them, no number negative or longer than it need be. Leaves them in {@link
   * #lastSeconds} and {@link #lastNanos}; false where it is anything else, and then nothing was
   * read.
   */
  boolean plainTime() {
    int at = position;
    if (bytes.length - at <= PLAIN_TIME_MAX + Long.BYTES || limit - at < 1) {
      return false; // numbers are read by the word
    }
    int length = bytes[at++];
    int end = at + length;
    if (length < 0 || length > PLAIN_TIME_MAX || end > limit) {
      return false;
    }
    long seconds = 0;
    long nanos = 0;
    if (at < end && bytes[at] == Tags.Duration.SECONDS) {
      long word = (long) WORD.get(bytes, at + 1);
      long ends = ~word & HIGH_BITS;
      at += 2 + (Long.numberOfTrailingZeros(ends) >>> 3);
      seconds = sevens(word, ends);
      if (ends == 0 || at > end) {
        return false;
      }
    }
    if (at < end) {
      long word = (long) WORD.get(bytes, at + 1);
      long ends = ~word & HIGH_BITS;
      if (bytes[at] != Tags.Duration.NANOS || ends == 0) {
        return false;
      }
      at += 2 + (Long.numberOfTrailingZeros(ends) >>> 3);
      nanos = sevens(word, ends);
      if (at != end || nanos > Integer.MAX_VALUE) {
        return false;
      }
    }
    lastSeconds = seconds;
    lastNanos = (int) nanos;
    position = end;
    return true;
  }

  long lastSeconds() {
    return lastSeconds;
  }

  int lastNanos() {
    return lastNanos;
  }

  /** The text of the last {@link #plainAddress}. */
  long lastText() {
    return lastText;
  }

  /** A number that fills the range, of at most three bytes; -1 for any other. */
  private int shortVarint(int from, int to) {
    int first = bytes[from];
    int last = bytes[to - 1];
    if (last < 0) {
      return -1;
    }
    return switch (to - from) {
      case 1 -> first;
      case 2 -> first < 0 ? first & 0x7F | last << 7 : -1;
      case 3 ->
          first < 0 && bytes[from + 1] < 0
              ? first & 0x7F | (bytes[from + 1] & 0x7F) << 7 | last << 14
              : -1;
      default -> -1;
    };
  }

  /** Begins a sub-message; give the result to {@link #leave}. */
  int enter() throws WireException {
    if (depth >= DEPTH_MAX) {
      throw bad("messages nested deeper than " + DEPTH_MAX);
    }
    int length = length();
    int outer = limit;
    limit = position + length;
    depth++;
    return outer;
  }

  /** Ends a sub-message, of which {@link #tag} has given 0. */
  void leave(int outer) {
    limit = outer;
    depth--;
  }

  /** A string as a {@link Slice}. */
  long text() throws WireException {
    int length = length();
    if (length == 0) {
      return Slice.EMPTY;
    }
    int from = position;
    position += length;
    if (!isAscii(from, position) && !ByteString.copyFrom(bytes, from, length).isValidUtf8()) {
      throw bad("a string that is no UTF-8");
    }
    return Slice.of(from, length);
  }

  String string(long slice) {
    int length = Slice.length(slice);
    return length == 0
        ? ""
        : new String(bytes, Slice.offset(slice), length, StandardCharsets.UTF_8);
  }

  /** {@link TextHash} of a slice. */
  long hash(long slice) {
    return TextHash.of(bytes, Slice.offset(slice), Slice.length(slice));
  }

  /** Whether two slices have the same bytes. */
  boolean same(long slice, long other) {
    int from = Slice.offset(slice);
    int otherFrom = Slice.offset(other);
    return Arrays.equals(
        bytes, from, from + Slice.length(slice), bytes, otherFrom, otherFrom + Slice.length(other));
  }

  /** Passes over a field whose tag was just read. */
  void skip(int tag) throws WireException {
    switch (tag & Tags.WIRE_TYPE_MASK) {
      case Tags.VARINT -> varint64();
      case Tags.FIXED64 -> advance(Long.BYTES);
      case Tags.LEN -> advance(length());
      case Tags.GROUP -> skipGroup(tag);
      case Tags.FIXED32 -> advance(Integer.BYTES);
      case Tags.END_GROUP -> throw bad("an end of a group that did not begin");
      default -> throw bad("a wire type that does not exist");
    }
  }

  private void skipGroup(int tag) throws WireException {
    if (depth >= DEPTH_MAX) {
      throw bad("groups nested deeper than " + DEPTH_MAX);
    }
    depth++;
    int end = (tag & ~Tags.WIRE_TYPE_MASK) | Tags.END_GROUP;
    for (int inner = tag(); inner != end; inner = tag()) {
      if (inner == 0) {
        throw bad("a group that does not end");
      }
      skip(inner);
    }
    depth--;
  }

  private int length() throws WireException {
    int length = varint32();
    if (length < 0 || length > limit - position) {
      throw bad("a field of %d bytes where %d are left".formatted(length, limit - position));
    }
    return length;
  }

  private void advance(int count) throws WireException {
    if (count > limit - position) {
      throw bad("a field of %d bytes where %d are left".formatted(count, limit - position));
    }
    position += count;
  }

  /** Up to eight bytes at once; the loop, where it is longer or cut short. */
  private long wordVarint(int at) throws WireException {
    long word = (long) WORD.get(bytes, at);
    long ends = ~word & HIGH_BITS;
    int length = (Long.numberOfTrailingZeros(ends) >>> 3) + 1;
    if (ends == 0 || length > limit - at) {
      return longVarint();
    }
    position = at + length;
    return sevens(word, ends);
  }

  /**
   * The number that a word begins with.
   *
   * @param ends the high bits of those bytes that a number may end with; not 0
   */
  private static long sevens(long word, long ends) {
    long sevens = word & (ends ^ ends - 1) & ~HIGH_BITS;
    sevens = sevens & 0x007F_007F_007F_007FL | (sevens & 0x7F00_7F00_7F00_7F00L) >>> 1;
    sevens = sevens & 0x0000_3FFF_0000_3FFFL | (sevens & 0x3FFF_0000_3FFF_0000L) >>> 2;
    return sevens & 0x0000_0000_0FFF_FFFFL | (sevens & 0x0FFF_FFFF_0000_0000L) >>> 4;
  }

  private long longVarint() throws WireException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (position == limit) {
        throw bad("a number that does not end");
      }
      byte next = bytes[position++];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw bad("a number of more than ten bytes");
  }

  private boolean isAscii(int from, int to) {
    long high = 0;
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      high |= (long) WORD.get(bytes, at);
    }
    return ((high | word(at, to - at)) & HIGH_BITS) == 0;
  }

  /** Up to seven bytes as the low end of a word, 0 above. */
  long word(int from, int count) {
    return TextHash.word(bytes, from, count);
  }

  /** Eight bytes. */
  long word(int from) {
    return (long) WORD.get(bytes, from);
  }

  private WireException bad(String what) {
    return new WireException("%s, at byte %d".formatted(what, position));
  }
}
