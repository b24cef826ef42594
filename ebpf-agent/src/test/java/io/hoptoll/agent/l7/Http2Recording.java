package io.hoptoll.agent.l7;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * A connection that node 20.19 had with itself: {@code http2.connect} asked three times one after
 * the other. Of its bytes those that the probes tell: frames with heads.
 */
final class Http2Recording {
  private static final int PREFACE = 24;
  private static final int HEADER = 9;
  private static final List<Byte> TOLD = List.of((byte) 1, (byte) 3, (byte) 5, (byte) 9);

  /** Frames that came together. */
  record Part(boolean fromClient, byte[] bytes) {}

  private Http2Recording() {}

  static List<Part> read() throws IOException {
    List<Part> parts = new ArrayList<>();
    try (InputStream in = Http2Recording.class.getResourceAsStream("/http2/node.txt")) {
      String text =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
      for (String line : text.split("\n")) {
        byte[] bytes = HexFormat.of().parseHex(line.substring(2));
        boolean isPreface = bytes[0] == 'P';
        parts.add(new Part(line.charAt(0) == 'C', told(bytes, isPreface ? PREFACE : 0)));
      }
    }
    return parts;
  }

  private static byte[] told(byte[] bytes, int from) {
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    for (int at = from; at < bytes.length; ) {
      int size = HEADER + ((bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff);
      if (TOLD.contains(bytes[at + 3])) {
        told.write(bytes, at, size);
      }
      at += size;
    }
    return told.toByteArray();
  }
}
