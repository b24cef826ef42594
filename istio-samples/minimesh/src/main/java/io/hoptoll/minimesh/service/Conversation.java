package io.hoptoll.minimesh.service;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One connection, said word by word: what well-behaved clients never send. {@code talk HOST PORT
 * STEP...} with the steps {@code from=PORT} (its own port, first), {@code head=METHOD,PATH,BYTES,ID
 * [,NAME:VALUE...]}, {@code body=BYTES}, {@code pause=MS}, {@code answer} (head and body), {@code
 * echo=BYTES} (sent, and read back), {@code reset}. Closed at its end. Answers {@code talk STATUS},
 * the last one, 0 where there was none.
 */
final class Conversation {
  private static final int TIMEOUT_MILLIS = 15_000;

  private final PacedReader reader;

  Conversation(Knobs knobs) {
    this.reader = new PacedReader(knobs);
  }

  /** Beside whatever else is said meanwhile. */
  void start(String[] word, Console console) {
    Thread thread =
        new Thread(
            () -> {
              console.print(hold(word));
              console.flush();
            },
            "talk");
    thread.setDaemon(true);
    thread.start();
  }

  private String hold(String[] word) {
    int status = 0;
    try (Socket socket = new Socket()) {
      int first = 3;
      if (word[first].startsWith("from=")) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(Integer.parseInt(word[first++].substring(5))));
      }
      socket.connect(new InetSocketAddress(word[1], Integer.parseInt(word[2])), TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int i = first; i < word.length; i++) {
        String[] step = word[i].split("=", 2);
        if (step[0].equals("answer")) {
          status = answer(in);
        } else {
          step(socket, in, word[1] + ":" + word[2], step);
        }
      }
    } catch (IOException e) {
      return "talk " + status + " " + e;
    }
    return "talk " + status;
  }

  private static void step(Socket socket, InputStream in, String host, String[] step)
      throws IOException {
    switch (step[0]) {
      case "head" -> head(socket, host, step[1].split(","));
      case "body" -> send(socket, Integer.parseInt(step[1]));
      case "pause" -> Knobs.pause(Integer.parseInt(step[1]));
      case "echo" -> {
        send(socket, Integer.parseInt(step[1]));
        if (in.readNBytes(Integer.parseInt(step[1])).length < Integer.parseInt(step[1])) {
          throw new EOFException("closed within an echo");
        }
      }
      case "reset" -> socket.setSoLinger(true, 0);
      default -> throw new IllegalArgumentException("step " + step[0]);
    }
  }

  private static void head(Socket socket, String host, String[] part) throws IOException {
    StringBuilder head = new StringBuilder(256);
    head.append(part[0]).append(' ').append(part[1]).append(" HTTP/1.1\r\nhost: ").append(host);
    head.append("\r\nx-request-id: ").append(part[3]);
    if (!part[2].equals("0")) {
      head.append("\r\ncontent-length: ").append(part[2]);
    }
    for (String header : Arrays.asList(part).subList(4, part.length)) {
      head.append("\r\n").append(header.replace(":", ": "));
    }
    head.append("\r\n\r\n");
    socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void send(Socket socket, int bytes) throws IOException {
    byte[] body = new byte[bytes];
    Arrays.fill(body, (byte) '.');
    socket.getOutputStream().write(body);
  }

  private int answer(InputStream in) throws IOException {
    String statusLine = line(in);
    long length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Long.parseLong(header.substring(15).trim());
      }
    }
    reader.read(in, length);
    return Integer.parseInt(statusLine.split(" ")[1]);
  }

  static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("connection closed");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }
}
