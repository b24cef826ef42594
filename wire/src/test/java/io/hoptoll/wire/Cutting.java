package io.hoptoll.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP relay before a port, that can cut all connections through it in the middle of anything. */
final class Cutting implements AutoCloseable {
  private final ServerSocket listening;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;

  Cutting(int target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread(this::accept);
  }

  String address() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  void cut() {
    open.forEach(Cutting::close);
    open.clear();
  }

  /** Cuts, and takes no connection until called with false. */
  void refuse(boolean on) {
    refusing = on;
    if (on) {
      cut();
    }
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket from = listening.accept();
        if (refusing) {
          close(from);
          continue;
        }
        Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(from);
        open.add(to);
        thread(() -> copy(from, to));
        thread(() -> copy(to, from));
      } catch (IOException e) {
        // closed, or the server is down: the next attempt sees
      }
    }
  }

  private static void copy(Socket from, Socket to) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException e) {
      // cut
    } finally {
      close(from);
      close(to);
    }
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "cutting");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.setSoLinger(true, 0); // a reset: what is on its way is gone
      socket.close();
    } catch (IOException e) {
      // closed before
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }
}
