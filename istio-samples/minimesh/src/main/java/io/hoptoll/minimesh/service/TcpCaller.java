package io.hoptoll.minimesh.service;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Exchanges of plain TCP: bytes there, as many back. A free connection is taken again. */
final class TcpCaller implements Caller {
  private static final int LEAST = 64;
  private static final int TIMEOUT_MILLIS = 60_000;

  private final String host;
  private final int port;
  private final boolean keepAlive;
  private final Records records;
  private final Knobs knobs;
  private final ConcurrentLinkedDeque<Socket> idle = new ConcurrentLinkedDeque<>();

  TcpCaller(String host, int port, boolean keepAlive, Records records, Knobs knobs) {
    this.host = host;
    this.port = port;
    this.keepAlive = keepAlive;
    this.records = records;
    this.knobs = knobs;
  }

  @Override
  public int call(String path, Map<String, String> headers, String stamp) throws IOException {
    Socket free = idle.pollFirst();
    Socket socket = free == null ? open() : free;
    try {
      exchange(socket, stamp);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    if (keepAlive) {
      idle.addFirst(socket);
    } else {
      socket.close();
    }
    return 200;
  }

  private Socket open() throws IOException {
    Socket socket = new Socket(host, port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  private void exchange(Socket socket, String stamp) throws IOException {
    byte[] bytes = new byte[Math.max(LEAST, knobs.requestBytes)];
    Arrays.fill(bytes, (byte) '.');
    byte[] mark = stamp.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(mark, 0, bytes, 0, Math.min(mark.length, bytes.length));
    long begin = System.nanoTime();
    socket.getOutputStream().write(bytes);
    new DataInputStream(socket.getInputStream()).readFully(bytes);
    records.add('C', stamp, socket.getLocalPort(), port, begin, System.nanoTime());
  }

  @Override
  public void close() {
    for (Socket s = idle.pollFirst(); s != null; s = idle.pollFirst()) {
      try {
        s.close();
      } catch (IOException e) {
        // it is gone anyway
      }
    }
  }
}
