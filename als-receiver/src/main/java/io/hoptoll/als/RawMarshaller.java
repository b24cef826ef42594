package io.hoptoll.als;

import io.grpc.MethodDescriptor;
import java.io.InputStream;

/**
 * Requests as gRPC's own bytes, unread: the stream they belong to decodes them, since only it knows
 * the sender, before it returns. Hence no parsed message, and no exception out of a marshaller
 * (which would reach the sender as "Application error processing RPC").
 */
final class RawMarshaller implements MethodDescriptor.Marshaller<InputStream> {
  @Override
  public InputStream stream(InputStream value) {
    return value;
  }

  @Override
  public InputStream parse(InputStream stream) {
    return stream;
  }
}
