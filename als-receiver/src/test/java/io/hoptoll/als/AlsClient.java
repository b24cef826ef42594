package io.hoptoll.als;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.accesslog.v3.AccessLogServiceGrpc;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.hoptoll.als.RecordedEntries.Recorded;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A sender of access logs that can also send what no Envoy would: bytes that are no message. */
final class AlsClient implements AutoCloseable {
  private final ManagedChannel channel;
  private final @Nullable EventLoopGroup loops;

  private AlsClient(ManagedChannel channel, @Nullable EventLoopGroup loops) {
    this.channel = channel;
    this.loops = loops;
  }

  static AlsClient tcp(int port) {
    return new AlsClient(
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build(), null);
  }

  /** Over TLS; without {@code own}, without a certificate. */
  static AlsClient tls(int port, Path authority, TestCertificates.@Nullable Pair own)
      throws IOException {
    SslContextBuilder tls = GrpcSslContexts.forClient().trustManager(authority.toFile());
    if (own != null) {
      tls.keyManager(own.certificate().toFile(), own.key().toFile());
    }
    return new AlsClient(
        NettyChannelBuilder.forAddress("127.0.0.1", port).sslContext(tls.build()).build(), null);
  }

  static AlsClient unix(Path socket) {
    EventLoopGroup loops = new EpollEventLoopGroup(1);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .eventLoopGroup(loops)
            .channelType(EpollDomainSocketChannel.class)
            .usePlaintext()
            .build();
    return new AlsClient(channel, loops);
  }

  Stream open() {
    return new Stream(channel);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    if (loops != null) {
      var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  /** A first message naming the recording's proxy and log, with its entries. */
  static StreamAccessLogsMessage identified(List<Recorded> entries) {
    Recorded first = entries.get(0);
    return entries(entries).toBuilder()
        .setIdentifier(identifier(first.node(), first.log()))
        .build();
  }

  static StreamAccessLogsMessage.Identifier identifier(String nodeId, String log) {
    return StreamAccessLogsMessage.Identifier.newBuilder()
        .setNode(Node.newBuilder().setId(nodeId))
        .setLogName(log)
        .build();
  }

  /** A later message: entries only. */
  static StreamAccessLogsMessage entries(List<Recorded> entries) {
    StreamAccessLogsMessage.Builder message = StreamAccessLogsMessage.newBuilder();
    for (Recorded entry : entries) {
      if (entry.http() != null) {
        message.getHttpLogsBuilder().addLogEntry(entry.http());
      } else if (entry.tcp() != null) {
        message.getTcpLogsBuilder().addLogEntry(entry.tcp());
      }
    }
    return message.build();
  }

  /** One call; {@link #status} completes when the server ends it. */
  static final class Stream {
    private final CompletableFuture<Status> status = new CompletableFuture<>();
    private final CompletableFuture<StreamAccessLogsResponse> answer = new CompletableFuture<>();
    private final ClientCall<byte[], StreamAccessLogsResponse> call;

    private Stream(ManagedChannel channel) {
      MethodDescriptor<byte[], StreamAccessLogsResponse> method =
          AccessLogServiceGrpc.getStreamAccessLogsMethod().toBuilder(
                  new Raw(),
                  AccessLogServiceGrpc.getStreamAccessLogsMethod().getResponseMarshaller())
              .build();
      call = channel.newCall(method, CallOptions.DEFAULT);
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onMessage(StreamAccessLogsResponse message) {
              answer.complete(message);
            }

            @Override
            public void onClose(Status ended, Metadata trailers) {
              status.complete(ended);
            }
          },
          new Metadata());
      call.request(1);
    }

    Stream send(StreamAccessLogsMessage message) {
      return send(message.toByteArray());
    }

    Stream send(byte[] bytes) {
      call.sendMessage(bytes);
      return this;
    }

    Stream halfClose() {
      call.halfClose();
      return this;
    }

    void cancel() {
      call.cancel("test over", null);
    }

    boolean isAnswered() {
      return answer.isDone() || status.isDone();
    }

    /** How the server ended the stream; waits 10 s at most. */
    Status status() throws Exception {
      return status.get(10, TimeUnit.SECONDS);
    }
  }

  /** Bytes as they are. */
  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
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
