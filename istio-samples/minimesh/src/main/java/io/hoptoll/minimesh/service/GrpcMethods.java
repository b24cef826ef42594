package io.hoptoll.minimesh.service;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** {@code minimesh.Shop}: one unary and one server-streaming method; messages are plain bytes. */
final class GrpcMethods {
  static final String SERVICE = "minimesh.Shop";
  static final MethodDescriptor<byte[], byte[]> GET =
      method("Get", MethodDescriptor.MethodType.UNARY);
  static final MethodDescriptor<byte[], byte[]> LIST =
      method("List", MethodDescriptor.MethodType.SERVER_STREAMING);
  static final Metadata.Key<String> STAMP = header("x-stamp");
  static final List<Metadata.Key<String>> FORWARDED =
      ServiceMain.FORWARDED.stream().map(GrpcMethods::header).toList();

  private GrpcMethods() {}

  static Metadata.Key<String> header(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private static MethodDescriptor<byte[], byte[]> method(
      String name, MethodDescriptor.MethodType type) {
    return MethodDescriptor.newBuilder(new Bytes(), new Bytes())
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
