package io.hoptoll.minimesh.service;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * HTTP/1.1 with keep-alive over sockets whose ports it can name, which the JDK's clients hide. One
 * pool per target; a call takes a free connection or opens one.
 */
final class HttpCaller implements Caller {
  private static final int TIMEOUT_MILLIS = 60_000;

  /** Bodies are read past this buffer, so that what is not read stays in the socket. */
  private static final int HEADER_BYTES = 512;

  private final String host;
  private final int port;
  private final boolean keepAlive;
  private final Records records;
  private final Knobs knobs;
  private final PacedReader reader;
  private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

  HttpCaller(String host, int port, boolean keepAlive, Records records, Knobs knobs) {
    this.host = host;
    this.port = port;
    this.keepAlive = keepAlive;
    this.records = records;
    this.knobs = knobs;
    this.reader = new PacedReader(knobs);
  }

  private static final class Connection {
    final Socket socket;
    final InputStream in;

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream(), HEADER_BYTES);
    }
  }

  /** Status of a GET, or of a POST where the knobs ask for a body; the answer's is dropped. */
  @Override
  public int call(String path, Map<String, String> headers, String stamp) throws IOException {
    Connection c = keepAlive ? idle.pollFirst() : null;
    if (c == null) {
      c = open();
    }
    try {
      int status = exchange(c, path, headers, stamp);
      if (keepAlive) {
        idle.addFirst(c);
      } else {
        c.socket.close();
      }
      return status;
    } catch (IOException e) {
      c.socket.close();
      throw e;
    }
  }

  @Override
  public void close() {
    for (Connection c = idle.pollFirst(); c != null; c = idle.pollFirst()) {
      try {
        c.socket.close();
      } catch (IOException e) {
        // it is gone anyway
      }
    }
  }

  private Connection open() throws IOException {
    Socket socket = new Socket(host, port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return new Connection(socket);
  }

  private int exchange(Connection c, String path, Map<String, String> headers, String stamp)
      throws IOException {
    int bytes = knobs.requestBytes;
    StringBuilder request = new StringBuilder(256 + bytes);
    request
        .append(bytes == 0 ? "GET " : "POST ")
        .append(path)
        .append(" HTTP/1.1\r\nhost: ")
        .append(host)
        .append(':')
        .append(port);
    headers.forEach((k, v) -> request.append("\r\n").append(k).append(": ").append(v));
    request.append("\r\nx-stamp: ").append(stamp);
    if (bytes > 0) {
      request.append("\r\ncontent-length: ").append(bytes);
    }
    request.append("\r\n\r\n").append(".".repeat(bytes));
    long begin = System.nanoTime();
    c.socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
    int status = response(c.in);
    records.add('C', stamp, c.socket.getLocalPort(), port, begin, System.nanoTime());
    return status;
  }

  private int response(InputStream in) throws IOException {
    String statusLine = Conversation.line(in);
    int length = 0;
    for (String header = Conversation.line(in); !header.isEmpty(); header = Conversation.line(in)) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).trim());
      }
    }
    reader.read(in, length);
    return Integer.parseInt(statusLine.split(" ")[1]);
  }
}
