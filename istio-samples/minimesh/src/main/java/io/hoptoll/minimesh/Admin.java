package io.hoptoll.minimesh;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Envoy's admin interface over its unix socket. */
final class Admin {
  private Admin() {}

  /** POSTs (or GETs) and returns the whole answer. */
  static String call(Path socket, String method, String path) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      String request =
          method
              + " "
              + path
              + " HTTP/1.1\r\nhost: admin\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      StringBuilder answer = new StringBuilder();
      ByteBuffer buffer = ByteBuffer.allocate(65_536);
      while (channel.read(buffer) >= 0) {
        answer.append(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8));
        buffer.clear();
      }
      if (!answer.toString().startsWith("HTTP/1.1 200")) {
        throw new MeshException("Envoy admin " + path + ": " + answer);
      }
      return answer.toString();
    } catch (IOException e) {
      throw new MeshException("Envoy admin " + socket + ": " + e.getMessage(), e);
    }
  }
}
