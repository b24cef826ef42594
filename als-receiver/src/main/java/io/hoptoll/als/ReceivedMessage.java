package io.hoptoll.als;

import io.envoyproxy.envoy.service.accesslog.v3.AccessLogServiceGrpc;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * One gRPC message, decoded or not. What cannot be decoded is a value too, since an exception out
 * of a marshaller would reach the sender as "Application error processing RPC".
 */
sealed interface ReceivedMessage {
  /**
   * A message as Envoy means it.
   *
   * @param bytes size on the wire, gRPC frame excluded
   */
  record Decoded(StreamAccessLogsMessage message, int bytes) implements ReceivedMessage {}

  /**
   * Bytes that are no message.
   *
   * @param why protobuf's words
   */
  record Undecodable(String why, int bytes) implements ReceivedMessage {}

  /** Reads both forms; writing is the generated marshaller's. */
  final class Marshaller implements MethodDescriptor.Marshaller<ReceivedMessage> {
    private static final MethodDescriptor.Marshaller<StreamAccessLogsMessage> PROTO =
        AccessLogServiceGrpc.getStreamAccessLogsMethod().getRequestMarshaller();

    @Override
    public InputStream stream(ReceivedMessage value) {
      if (value instanceof Decoded decoded) {
        return PROTO.stream(decoded.message());
      }
      throw new IllegalArgumentException("an undecodable message cannot be sent on");
    }

    @Override
    public ReceivedMessage parse(InputStream stream) {
      int bytes = available(stream);
      try {
        return new Decoded(PROTO.parse(stream), bytes);
      } catch (StatusRuntimeException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new Undecodable(String.valueOf(cause.getMessage()), bytes);
      }
    }

    /** gRPC's streams know their length (io.grpc.KnownLength). */
    private static int available(InputStream stream) {
      try {
        return stream.available();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
