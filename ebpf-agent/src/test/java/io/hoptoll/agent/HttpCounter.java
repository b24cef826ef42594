package io.hoptoll.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Locale;

/** Asks over one kept-alive connection, and counts every byte of it. */
final class HttpCounter {
  private static final String LENGTH = "content-length:";

  private final Socket socket;

  HttpCounter(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
  }

  /** Asks for a body of that size by a request with so much padding. */
  KnownWorkload.Turn get(int body, int padding) throws IOException {
    String path = "/" + body + "?" + "x".repeat(padding);
    byte[] request = ("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(ISO_8859_1);
    socket.getOutputStream().write(request);
    InputStream in = socket.getInputStream();
    String head = head(in);
    int length = length(head);
    if (!head.startsWith("HTTP/1.1 200") || length != body) {
      throw new IOException(socket + " answered " + head);
    }
    if (in.readNBytes(length).length < length) {
      throw new EOFException(socket + " ended within a body");
    }
    return new KnownWorkload.Turn(request.length, head.length() + length);
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (int ends = 0; ends < 4; ) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("ended within a head: " + head.toString(ISO_8859_1));
      }
      head.write(b);
      ends = b == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : 0;
    }
    return head.toString(ISO_8859_1);
  }

  private static int length(String head) {
    return head.lines()
        .map(l -> l.toLowerCase(Locale.ROOT))
        .filter(l -> l.startsWith(LENGTH))
        .mapToInt(l -> Integer.parseInt(l.substring(LENGTH.length()).strip()))
        .findFirst()
        .orElse(-1);
  }
}
