package io.hoptoll.als;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.hoptoll.als.Tags.Identifier;
import io.hoptoll.als.Tags.Node;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The identifier of a stream's first message. Once a stream, so protobuf's own classes read it, but
 * only what is used: four fifths of an Istio sidecar's 80 KB are the list of Envoy's extensions,
 * and after our restart every sidecar sends it at once.
 */
final class IdentifierReader {
  /** Depth of {@code Identifier} within the message. */
  private static final int DEPTH = 1;

  private final StreamAccessLogsMessage.Identifier.Builder identifier =
      StreamAccessLogsMessage.Identifier.newBuilder();

  /** Reads one occurrence, whose tag was just read, on top of those before. */
  void read(WireReader in) throws WireException {
    CodedInputStream used = CodedInputStream.newInstance(used(in));
    used.setRecursionLimit(WireReader.DEPTH_MAX - DEPTH);
    try {
      identifier.mergeFrom(used);
    } catch (InvalidProtocolBufferException e) {
      throw new WireException("identifier: " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no I/O in an array
    }
  }

  StreamAccessLogsMessage.Identifier build() {
    return identifier.build();
  }

  private static byte[] used(WireReader in) throws WireException {
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(copy);
      int outer = in.enter();
      int start = in.position();
      for (int tag = in.tag(); tag != 0; start = in.position(), tag = in.tag()) {
        if (tag == Identifier.NODE) {
          byte[] node = usedOfNode(in);
          out.writeUInt32NoTag(tag);
          out.writeUInt32NoTag(node.length);
          out.writeRawBytes(node);
        } else {
          in.skip(tag);
          if (tag == Identifier.LOG_NAME) {
            out.write(in.bytes(), start, in.position() - start);
          }
        }
      }
      in.leave(outer);
      out.flush();
      return copy.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no I/O in an array
    }
  }

  private static byte[] usedOfNode(WireReader in) throws WireException {
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    int outer = in.enter();
    int start = in.position();
    for (int tag = in.tag(); tag != 0; start = in.position(), tag = in.tag()) {
      in.skip(tag);
      switch (tag) {
        case Node.ID,
            Node.CLUSTER,
            Node.METADATA,
            Node.USER_AGENT_VERSION,
            Node.USER_AGENT_BUILD_VERSION ->
            copy.write(in.bytes(), start, in.position() - start);
        default -> {} // of no use
      }
    }
    in.leave(outer);
    return copy.toByteArray();
  }
}
