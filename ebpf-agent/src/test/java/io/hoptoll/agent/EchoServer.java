package io.hoptoll.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Answers each request of a fixed size with a fixed size; a thread a connection. */
final class EchoServer implements AutoCloseable {
  private final ServerSocket listener;
  private final int requestBytes;
  private final int responseBytes;

  EchoServer(int requestBytes, int responseBytes) throws IOException {
    this(new ServerSocket(0, 16, InetAddress.getLoopbackAddress()), requestBytes, responseBytes);
  }

  EchoServer(ServerSocket listener, int requestBytes, int responseBytes) {
    this.listener = listener;
    this.requestBytes = requestBytes;
    this.responseBytes = responseBytes;
    daemon(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        daemon(() -> serve(socket));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      while (socket.getInputStream().readNBytes(requestBytes).length == requestBytes) {
        socket.getOutputStream().write(new byte[responseBytes]);
      }
    } catch (IOException closed) {
      // the client left
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "echo");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
