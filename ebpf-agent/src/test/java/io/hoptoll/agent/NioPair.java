package io.hoptoll.agent;

import io.hoptoll.agent.KnownWorkload.Line;
import io.hoptoll.agent.KnownWorkload.Turn;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Both ends of a connection as the JDK's channels use them: gathered, scattered, from a file. */
record NioPair(
    ServerSocketChannel listener, SocketChannel client, SocketChannel server, FileChannel file)
    implements AutoCloseable {
  private static final int MOST = 70_001;

  static NioPair open() throws IOException {
    Path body = Files.createTempFile("hoptoll", "body");
    FileChannel file = FileChannel.open(body, StandardOpenOption.WRITE, StandardOpenOption.READ);
    Files.delete(body);
    file.write(ByteBuffer.allocate(MOST), 0);
    ServerSocketChannel listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    SocketChannel client = SocketChannel.open(listener.getLocalAddress());
    SocketChannel server = listener.accept();
    client.setOption(StandardSocketOptions.TCP_NODELAY, true);
    server.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return new NioPair(listener, client, server, file);
  }

  Line line() {
    return new Line(client.socket().getLocalPort(), client.socket().getPort());
  }

  List<Turn> ask(int first, int turns) throws IOException {
    List<Turn> asked = new ArrayList<>();
    for (int i = first; i < first + turns; i++) {
      Turn turn = new Turn(KnownWorkload.requestBytes(i), KnownWorkload.responseBytes(i));
      gather(client, turn.sent());
      scatter(client, turn.received());
      asked.add(turn);
    }
    return asked;
  }

  Void serve(int first, int turns) throws IOException {
    for (int i = first; i < first + turns; i++) {
      scatter(server, KnownWorkload.requestBytes(i));
      if (i % 2 == 0) {
        gather(server, KnownWorkload.responseBytes(i));
      } else {
        transfer(server, KnownWorkload.responseBytes(i));
      }
    }
    return null;
  }

  private static void gather(SocketChannel to, int bytes) throws IOException {
    ByteBuffer[] parts = parts(bytes);
    for (long left = bytes; left > 0; ) {
      left -= to.write(parts);
    }
  }

  private static void scatter(SocketChannel from, int bytes) throws IOException {
    ByteBuffer[] parts = parts(bytes);
    for (long left = bytes, got; left > 0; left -= got) {
      got = from.read(parts);
      if (got < 0) {
        throw new EOFException();
      }
    }
  }

  private static ByteBuffer[] parts(int bytes) {
    int some = bytes / 3;
    return new ByteBuffer[] {
      ByteBuffer.allocateDirect(some), ByteBuffer.allocateDirect(bytes - some)
    };
  }

  private void transfer(SocketChannel to, int bytes) throws IOException {
    for (long sent = 0; sent < bytes; ) {
      sent += file.transferTo(sent, bytes - sent, to);
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
    listener.close();
    file.close();
  }
}
