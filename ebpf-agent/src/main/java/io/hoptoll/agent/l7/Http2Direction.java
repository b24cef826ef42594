package io.hoptoll.agent.l7;

import io.hoptoll.agent.l7.Http2Heads.Unreadable;
import io.hoptoll.agent.l7.Http2Heads.Why;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One direction: frames out of bytes (RFC 9113 4.1), blocks out of frames (4.3), fields by HPACK.
 */
final class Http2Direction {
  /** Of a frame's bytes and of a block's that wait for more: what peers allow by default (4.2). */
  static final int MAX_BLOCK = 16_384;

  /** Fields of one head, unpacked. */
  private static final int MAX_LIST = 65_536;

  private static final int HEADER = 9;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int PUSH_PROMISE = 5;
  private static final int CONTINUATION = 9;
  private static final int END_STREAM = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int PADDED = 0x8;
  private static final int PRIORITY = 0x20;
  private static final byte[] NONE = {};

  /**
   * A block, or the end of a stream.
   *
   * @param fields null where there are none, or more than are held
   * @param ends nothing of this direction follows on the stream
   */
  record Complete(int type, int stream, @Nullable Http2Headers fields, boolean ends) {}

  /** Its table has 4 KiB (RFC 9113 6.5.2); a sender that makes it larger is not followed. */
  private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false, MAX_LIST);

  private int expected;
  private byte[] waiting = NONE;
  private byte[] block = NONE;
  private int blockType;
  private int blockStream;
  private boolean blockEnds;

  /** Bytes that wait for more. */
  int held() {
    return waiting.length + block.length;
  }

  void read(int offset, byte[] bytes, Consumer<Complete> out) throws Unreadable {
    if (offset != expected) {
      throw new Unreadable(Why.MISSING);
    }
    expected += bytes.length;
    byte[] all = waiting.length == 0 ? bytes : join(waiting, bytes, 0, bytes.length);
    int at = 0;
    while (all.length - at >= HEADER) {
      int length = u8(all, at) << 16 | u8(all, at + 1) << 8 | u8(all, at + 2);
      if (length > MAX_BLOCK) {
        throw new Unreadable(Why.OVERSIZED);
      }
      if (all.length - at - HEADER < length) {
        break;
      }
      frame(all, at, at + HEADER, length, out);
      at += HEADER + length;
    }
    waiting = at == all.length ? NONE : Arrays.copyOfRange(all, at, all.length);
  }

  private void frame(byte[] b, int header, int from, int length, Consumer<Complete> out)
      throws Unreadable {
    int type = u8(b, header + 3);
    int flags = u8(b, header + 4);
    int stream = i32(b, header + 5) & 0x7fffffff;
    boolean goesOn = blockType != 0;
    if (goesOn != (type == CONTINUATION) || goesOn && stream != blockStream) {
      throw Http2Connection.malformed(); // 4.3: nothing comes between
    }
    switch (type) {
      case HEADERS, PUSH_PROMISE -> begin(b, type, flags, stream, from, length);
      case CONTINUATION -> block = join(block, b, from, length);
      case RST_STREAM -> out.accept(new Complete(type, stream, null, true));
      default -> throw Http2Connection.malformed();
    }
    if (block.length > MAX_BLOCK) {
      throw new Unreadable(Why.OVERSIZED);
    }
    if (blockType != 0 && (flags & END_HEADERS) != 0) {
      end(out);
    }
  }

  /** Leaves out what stands before and behind the block in its first frame (6.2, 6.6). */
  private void begin(byte[] b, int type, int flags, int stream, int from, int length)
      throws Unreadable {
    int padded = (flags & PADDED) == 0 ? 0 : 1;
    int before = padded + (type == PUSH_PROMISE ? 4 : (flags & PRIORITY) == 0 ? 0 : 5);
    int padding = padded == 0 || length == 0 ? 0 : u8(b, from);
    int left = length - before - padding;
    if (left < 0) {
      throw Http2Connection.malformed();
    }
    block = Arrays.copyOfRange(b, from + before, from + before + left);
    blockType = type;
    blockStream = stream;
    blockEnds = type == HEADERS && (flags & END_STREAM) != 0;
  }

  private void end(Consumer<Complete> out) throws Unreadable {
    Http2Headers fields = null;
    try {
      fields = hpack.decodeHeaders(Math.max(1, blockStream), Unpooled.wrappedBuffer(block));
    } catch (HeaderListSizeException e) {
      // read to its end, so that the table is right; this head is not held
    } catch (Http2Exception e) {
      throw Http2Connection.malformed();
    }
    int type = blockType;
    blockType = 0;
    block = NONE;
    out.accept(new Complete(type, blockStream, type == HEADERS ? fields : null, blockEnds));
  }

  private static byte[] join(byte[] a, byte[] b, int from, int length) {
    byte[] joined = Arrays.copyOf(a, a.length + length);
    System.arraycopy(b, from, joined, a.length, length);
    return joined;
  }

  private static int u8(byte[] b, int at) {
    return b[at] & 0xff;
  }

  private static int i32(byte[] b, int at) {
    return u8(b, at) << 24 | u8(b, at + 1) << 16 | u8(b, at + 2) << 8 | u8(b, at + 3);
  }
}
