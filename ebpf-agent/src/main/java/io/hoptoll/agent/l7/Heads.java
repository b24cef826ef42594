package io.hoptoll.agent.l7;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first bytes seen of each direction; empty where none were. Of a connection older than the
 * agent they may stand anywhere in the stream.
 */
public record Heads(Piece client, Piece server) {
  public Heads(byte[] client, byte[] server) {
    this(new Piece(client), new Piece(server));
  }

  /** Bytes of one direction, read as numbers; beyond their ends all reads give -1. */
  record Piece(byte[] bytes) {
    int length() {
      return bytes.length;
    }

    boolean isEmpty() {
      return bytes.length == 0;
    }

    int u8(int at) {
      return at >= 0 && at < bytes.length ? bytes[at] & 0xff : -1;
    }

    /** Big-endian. */
    int u16(int at) {
      return has(at, 2) ? u8(at) << 8 | u8(at + 1) : -1;
    }

    /** Big-endian. */
    int u24(int at) {
      return has(at, 3) ? u16(at) << 8 | u8(at + 2) : -1;
    }

    /** Little-endian. */
    int u24Little(int at) {
      return has(at, 3) ? u8(at) | u8(at + 1) << 8 | u8(at + 2) << 16 : -1;
    }

    /** Big-endian. */
    long u32(int at) {
      return has(at, 4) ? (long) u16(at) << 16 | u16(at + 2) : -1;
    }

    /** Little-endian. */
    long u32Little(int at) {
      return has(at, 4) ? (long) u8(at + 3) << 24 | u24Little(at) : -1;
    }

    private boolean has(int at, int count) {
      return at >= 0 && count <= bytes.length - at;
    }

    boolean startsWith(String ascii) {
      byte[] begin = ascii.getBytes(StandardCharsets.US_ASCII);
      return bytes.length >= begin.length
          && Arrays.equals(bytes, 0, begin.length, begin, 0, begin.length);
    }

    boolean contains(byte[] what) {
      for (int i = 0; i + what.length <= bytes.length; i++) {
        if (Arrays.equals(bytes, i, i + what.length, what, 0, what.length)) {
          return true;
        }
      }
      return false;
    }

    /** Empty where not all of it is here, or is no printable ASCII. */
    String text(int at, int count) {
      if (count < 0 || !has(at, count)) {
        return "";
      }
      String text = new String(bytes, at, count, StandardCharsets.ISO_8859_1);
      return text.chars().allMatch(c -> c > ' ' && c < 0x7f) ? text : "";
    }

    String ascii() {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }
}
