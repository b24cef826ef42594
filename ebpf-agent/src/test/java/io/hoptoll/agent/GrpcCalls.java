package io.hoptoll.agent;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A gRPC server and one channel to it, in clear: {@code shop.Cart/Get, Miss, Hang}. */
final class GrpcCalls implements AutoCloseable {
  private static final Marshaller<byte[]> BYTES =
      new Marshaller<>() {
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
      };

  private final CountDownLatch release = new CountDownLatch(1);
  private final Server server;
  private final ManagedChannel channel;

  GrpcCalls() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(
                ServerServiceDefinition.builder("shop.Cart")
                    .addMethod(method("Get"), ServerCalls.asyncUnaryCall(GrpcCalls::get))
                    .addMethod(method("Miss"), ServerCalls.asyncUnaryCall(GrpcCalls::miss))
                    .addMethod(method("Hang"), ServerCalls.asyncUnaryCall(this::hang))
                    .build())
            .build()
            .start();
    channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
            .usePlaintext()
            .build();
  }

  int port() {
    return server.getPort();
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.newBuilder(BYTES, BYTES)
        .setType(MethodType.UNARY)
        .setFullMethodName("shop.Cart/" + name)
        .build();
  }

  private static void get(byte[] request, StreamObserver<byte[]> answer) {
    answer.onNext(request);
    answer.onCompleted();
  }

  private static void miss(byte[] request, StreamObserver<byte[]> answer) {
    answer.onError(Status.NOT_FOUND.asRuntimeException());
  }

  private void hang(byte[] request, StreamObserver<byte[]> answer) {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    get(request, answer);
  }

  void release() {
    release.countDown();
  }

  /** Waits for the answer, whatever it is; its bytes are those that were asked with. */
  Status.Code call(String method, String id, byte[] request) {
    Metadata fields = new Metadata();
    fields.put(Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER), id);
    fields.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "hunter2");
    try {
      ClientCalls.blockingUnaryCall(
          io.grpc.ClientInterceptors.intercept(
              channel, MetadataUtils.newAttachHeadersInterceptor(fields)),
          method(method),
          CallOptions.DEFAULT,
          request);
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  Future<Status.Code> later(String method, String id) {
    return CompletableFuture.supplyAsync(() -> call(method, id, new byte[9]));
  }

  @Override
  public void close() throws InterruptedException {
    release();
    channel.shutdownNow();
    server.shutdownNow();
    channel.awaitTermination(5, TimeUnit.SECONDS);
    server.awaitTermination(5, TimeUnit.SECONDS);
  }
}
