package io.hoptoll.als;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A sender that begins messages and does not finish them, frame by frame (RFC 9113, HPACK
 * literals): no gRPC client can be made to. One connection.
 */
final class HalfMessage implements AutoCloseable {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int END_HEADERS = 4;
  private static final int FRAME_BYTES = 16_384;

  private final Socket socket;
  private final DataOutputStream out;
  private int nextStream = 1;

  HalfMessage(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    out = new DataOutputStream(socket.getOutputStream());
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, new byte[0]);
    out.flush();
    Thread reader = new Thread(() -> drain(socket), "half-message-reader");
    reader.setDaemon(true);
    reader.start();
  }

  /** A new stream with a message of {@code announced} bytes, of which only {@code sent} come. */
  void begin(int announced, int sent) throws IOException {
    int stream = nextStream;
    nextStream += 2;
    frame(HEADERS, END_HEADERS, stream, headers());
    frame(DATA, 0, stream, ByteBuffer.allocate(5).put((byte) 0).putInt(announced).array());
    for (int left = sent; left > 0; left -= FRAME_BYTES) {
      frame(DATA, 0, stream, new byte[Math.min(left, FRAME_BYTES)]);
    }
    out.flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    out.writeByte(payload.length >>> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
  }

  private static byte[] headers() {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    literal(block, ":method", "POST");
    literal(block, ":scheme", "http");
    literal(block, ":path", "/envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs");
    literal(block, ":authority", "hoptoll");
    literal(block, "content-type", "application/grpc");
    literal(block, "te", "trailers");
    return block.toByteArray();
  }

  private static void literal(ByteArrayOutputStream block, String name, String value) {
    block.write(0); // without indexing, new name
    for (String text : new String[] {name, value}) {
      block.write(text.length());
      block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static void drain(Socket socket) {
    try {
      InputStream in = socket.getInputStream();
      in.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      // closed: the test is over
    }
  }
}
