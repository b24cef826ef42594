package io.hoptoll.bench.ingest;

import io.envoyproxy.envoy.service.accesslog.v3.AccessLogServiceGrpc;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.hoptoll.als.PreparedMessages;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sidecars, each with its connection and stream, in pairs: a client's and the server's that it
 * calls. Both halves of a hop are sent at the same moment. One thread.
 */
final class Senders implements AutoCloseable {
  /** How long ago the requests of a message began: Envoy logs them when they end. */
  private static final long AGO_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final MethodDescriptor<byte[], StreamAccessLogsResponse> METHOD =
      AccessLogServiceGrpc.getStreamAccessLogsMethod().toBuilder(
              new Bytes(), AccessLogServiceGrpc.getStreamAccessLogsMethod().getResponseMarshaller())
          .build();

  /**
   * @param longestBlockedNanos for how long flow control let a sender send nothing, at most
   */
  record Sent(long entries, double seconds, long longestBlockedNanos) {}

  private static final class Pair {
    final PreparedMessages client;
    final PreparedMessages server;
    final ClientCall<byte[], StreamAccessLogsResponse> clientCall;
    final ClientCall<byte[], StreamAccessLogsResponse> serverCall;
    long hops;
    long blockedSinceNanos;

    Pair(
        int pod,
        ClientCall<byte[], StreamAccessLogsResponse> clientCall,
        ClientCall<byte[], StreamAccessLogsResponse> serverCall) {
      client = PreparedMessages.ofClient(pod);
      server = PreparedMessages.ofServer(pod);
      this.clientCall = clientCall;
      this.serverCall = serverCall;
      clientCall.sendMessage(client.first());
      serverCall.sendMessage(server.first());
    }

    boolean isReady() {
      return clientCall.isReady() && serverCall.isReady();
    }

    /** Halves whose other halves never come. */
    void sendClient(long wallNanos) {
      clientCall.sendMessage(client.renewed(hops, wallNanos));
      hops += PreparedMessages.ENTRIES;
    }

    void send(long wallNanos) {
      clientCall.sendMessage(client.renewed(hops, wallNanos));
      serverCall.sendMessage(server.renewed(hops, wallNanos));
      hops += PreparedMessages.ENTRIES;
    }
  }

  private final EventLoopGroup loops = new NioEventLoopGroup(1);
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<Pair> pairs = new ArrayList<>();
  private final AtomicReference<@Nullable Status> ended = new AtomicReference<>();
  private long sent;

  Senders(int port, int streams) {
    for (int pod = 0; pod < Math.max(1, streams / 2); pod++) {
      pairs.add(new Pair(pod, open(port), open(port)));
    }
  }

  /** Entries sent since the start. */
  long entries() {
    return sent;
  }

  int streams() {
    return channels.size();
  }

  /**
   * @param rate entries/s; 0: as fast as flow control allows
   */
  Sent send(long rate, double seconds) {
    return send(rate, 0, seconds);
  }

  /**
   * @param lone entries/s beside these whose other half is not sent
   */
  Sent send(long rate, long lone, double seconds) {
    long begin = System.nanoTime();
    long end = begin + (long) (seconds * 1e9);
    long before = sent;
    long longest = 0;
    long alone = 0;
    pairs.forEach(p -> p.blockedSinceNanos = 0);
    for (long now = begin; now < end; now = System.nanoTime()) {
      long due = rate == 0 ? Long.MAX_VALUE : (long) ((now - begin) * 1e-9 * rate);
      boolean moved = false;
      int first = (int) (sent / (2 * PreparedMessages.ENTRIES) % pairs.size());
      for (int i = 0; i < pairs.size() && sent - before < due; i++) {
        Pair pair = pairs.get((first + i) % pairs.size());
        moved |= sendOn(pair);
        longest = Math.max(longest, blocked(pair));
      }
      if (!moved) {
        LockSupport.parkNanos(100_000);
      }
      while (alone < (now - begin) * 1e-9 * lone) {
        Pair pair = pairs.get((int) (alone / PreparedMessages.ENTRIES % pairs.size()));
        pair.sendClient(wallNanos());
        alone += PreparedMessages.ENTRIES;
      }
      check();
    }
    sent += alone;
    return new Sent(sent - before, (System.nanoTime() - begin) / 1e9, longest);
  }

  private boolean sendOn(Pair pair) {
    if (!pair.isReady()) {
      if (pair.blockedSinceNanos == 0) {
        pair.blockedSinceNanos = System.nanoTime();
      }
      return false;
    }
    pair.blockedSinceNanos = 0;
    pair.send(wallNanos());
    sent += 2 * PreparedMessages.ENTRIES;
    return true;
  }

  private static long wallNanos() {
    return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - AGO_NANOS;
  }

  private static long blocked(Pair pair) {
    return pair.blockedSinceNanos == 0 ? 0 : System.nanoTime() - pair.blockedSinceNanos;
  }

  private void check() {
    Status status = ended.get();
    if (status != null) {
      throw new IllegalStateException("the server ended a stream: " + status);
    }
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }

  private ClientCall<byte[], StreamAccessLogsResponse> open(int port) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .directExecutor()
            .eventLoopGroup(loops)
            .channelType(NioSocketChannel.class)
            .build();
    channels.add(channel);
    ClientCall<byte[], StreamAccessLogsResponse> call =
        channel.newCall(METHOD, CallOptions.DEFAULT.withWaitForReady());
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            ended.compareAndSet(null, status);
          }
        },
        new Metadata());
    call.request(1);
    return call;
  }

  /** Bytes as they are; gRPC copies them before {@code sendMessage} returns. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException("nobody answers with this");
    }
  }
}
