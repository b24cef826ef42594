package io.hoptoll.minimesh.service;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The service in gRPC over cleartext HTTP/2, with the same knobs and callees as in HTTP/1.1. */
final class GrpcService {
  private final ServiceMain service;
  private final Knobs knobs;
  private final Records records;

  GrpcService(ServiceMain service, Knobs knobs, Records records) {
    this.service = service;
    this.knobs = knobs;
    this.records = records;
  }

  void listen(int port, Executor workers) throws IOException {
    NioEventLoopGroup loop = new NioEventLoopGroup(1);
    knobs.readsIn(loop);
    NettyServerBuilder.forPort(port)
        .channelType(NioServerSocketChannel.class)
        .bossEventLoopGroup(loop)
        .workerEventLoopGroup(loop)
        .executor(workers)
        .addStreamTracerFactory(new Taken())
        .addService(
            ServerServiceDefinition.builder(GrpcMethods.SERVICE)
                .addMethod(GrpcMethods.GET, this::accept)
                .addMethod(GrpcMethods.LIST, this::accept)
                .build())
        .build()
        .start();
  }

  /** A {@link ServerCallHandler}: answers once the whole request is there. */
  private ServerCall.Listener<byte[]> accept(ServerCall<byte[], byte[]> call, Metadata headers) {
    long begin = Taken.NANOS.get();
    call.request(2);
    return new ServerCall.Listener<>() {
      @Override
      public void onHalfClose() {
        answer(call, headers, begin);
      }
    };
  }

  private void answer(ServerCall<byte[], byte[]> call, Metadata headers, long begin) {
    Map<String, String> forwarded = new LinkedHashMap<>();
    for (Metadata.Key<String> key : GrpcMethods.FORWARDED) {
      String value = headers.get(key);
      if (value != null) {
        forwarded.put(key.originalName(), value);
      }
    }
    String stamp = orElse(headers.get(GrpcMethods.STAMP), "-");
    String attempt = orElse(headers.get(GrpcMethods.header("x-envoy-attempt-count")), "1");
    MethodDescriptor<byte[], byte[]> method = call.getMethodDescriptor();
    int status = service.workGrpc(attempt, forwarded, "/" + method.getFullMethodName(), stamp);
    if (status == 200) {
      send(call, stamp, method.getType() == MethodDescriptor.MethodType.UNARY ? 1 : knobs.messages);
    }
    Attributes ends = call.getAttributes();
    records.add(
        'S',
        stamp,
        port(ends.get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR)),
        port(ends.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)),
        begin,
        System.nanoTime());
    call.close(status == 200 ? Status.OK : grpcStatus(status), new Metadata());
  }

  /** When a request's head was read, on the loop's thread. */
  private static final class Taken extends ServerStreamTracer.Factory {
    static final Context.Key<Long> NANOS = Context.key("taken");

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
      long now = System.nanoTime();
      return new ServerStreamTracer() {
        @Override
        public Context filterContext(Context context) {
          return context.withValue(NANOS, now);
        }
      };
    }
  }

  private void send(ServerCall<byte[], byte[]> call, String stamp, int messages) {
    call.sendHeaders(new Metadata());
    for (int i = 0; i < messages; i++) {
      if (i > 0) {
        Knobs.pause(knobs.gapMillis);
      }
      call.sendMessage(service.body(stamp));
    }
  }

  static int port(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet ? inet.getPort() : 0;
  }

  private static Status grpcStatus(int http) {
    return (http == 503 ? Status.UNAVAILABLE : Status.INTERNAL).withDescription("status " + http);
  }

  private static String orElse(@Nullable String value, String otherwise) {
    return value == null ? otherwise : value;
  }
}
