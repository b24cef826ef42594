package io.hoptoll.als;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The threads that read all sockets of one receiver, and decode what they read. */
final class EventLoops {
  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup accepting = group(1, "als-accept");
  private final EventLoopGroup reading =
      group(Math.min(Limits.EVENT_LOOPS_MAX, Runtime.getRuntime().availableProcessors()), "als-io");

  /**
   * A server builder bound to the address, on these threads.
   *
   * @throws IOException for a unix socket where the JVM has no epoll transport, or TLS files that
   *     cannot be used
   */
  NettyServerBuilder builder(ListenAddress address, @Nullable AlsTls tls) throws IOException {
    NettyServerBuilder builder;
    if (address instanceof ListenAddress.Unix unix) {
      if (!epoll) {
        throw new IOException(
            "ALS cannot listen on %s: unix sockets need Linux on x86-64 or arm64 (%s); use host:port"
                .formatted(unix, Epoll.unavailabilityCause()));
      }
      builder =
          NettyServerBuilder.forAddress(new DomainSocketAddress(unix.path().toFile()))
              .channelType(EpollServerDomainSocketChannel.class)
              // gRPC's default; a unix socket has none, and Netty warns at each connection. Null
              // removes.
              .withChildOption(ChannelOption.SO_KEEPALIVE, null);
    } else {
      ListenAddress.Tcp tcp = (ListenAddress.Tcp) address;
      builder =
          NettyServerBuilder.forAddress(new InetSocketAddress(tcp.host(), tcp.port()))
              .channelType(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
      if (tls != null) {
        builder.sslContext(tls.context());
      }
    }
    return builder.bossEventLoopGroup(accepting).workerEventLoopGroup(reading);
  }

  void close() {
    var unused =
        accepting.shutdownGracefully(0, Limits.CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
    reading
        .shutdownGracefully(0, Limits.CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(Limits.CLOSE_MAX.toMillis());
  }

  private EventLoopGroup group(int threads, String name) {
    ThreadFactory factory = new DefaultThreadFactory(name, true);
    return epoll
        ? new EpollEventLoopGroup(threads, factory)
        : new NioEventLoopGroup(threads, factory);
  }
}
