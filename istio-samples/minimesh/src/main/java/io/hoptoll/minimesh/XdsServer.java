package io.hoptoll.minimesh;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.compression.gzip.compressor.v3.Gzip;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A small istiod: the java-control-plane server on a unix socket, one snapshot a pod. */
final class XdsServer implements AutoCloseable {
  private static final JsonFormat.Parser PARSER =
      JsonFormat.parser()
          .usingTypeRegistry(
              JsonFormat.TypeRegistry.newBuilder()
                  .add(HttpConnectionManager.getDescriptor())
                  .add(TcpProxy.getDescriptor())
                  .add(HttpGrpcAccessLogConfig.getDescriptor())
                  .add(HTTPFault.getDescriptor())
                  .add(Buffer.getDescriptor())
                  .add(Compressor.getDescriptor())
                  .add(Gzip.getDescriptor())
                  .add(ExtAuthz.getDescriptor())
                  .add(LocalRateLimit.getDescriptor())
                  .add(Lua.getDescriptor())
                  .add(RBAC.getDescriptor())
                  .add(Router.getDescriptor())
                  .add(OriginalDst.getDescriptor())
                  .add(TlsInspector.getDescriptor())
                  .add(UpstreamTlsContext.getDescriptor())
                  .add(DownstreamTlsContext.getDescriptor())
                  .add(HttpProtocolOptions.getDescriptor())
                  .build());

  /** Calls of streams that ended may still come to the loops that long. */
  private static final int QUIET_MILLIS = 300;

  private final SimpleCache<String> cache = new SimpleCache<>(Node::getId);
  private final EpollEventLoopGroup loops = new EpollEventLoopGroup(1);
  private final Server server;
  private long version;

  XdsServer(Path socket) {
    V3DiscoveryServer discovery = new V3DiscoveryServer(cache);
    server =
        NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .channelType(EpollServerDomainSocketChannel.class)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .addService(
                ServerInterceptors.intercept(
                    discovery.getAggregatedDiscoveryServiceImpl(), new NodeOnEveryRequest()))
            .build();
    try {
      server.start();
      // sidecars run as uid 1337
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
    } catch (IOException e) {
      throw new MeshException("ADS on " + socket + ": " + e.getMessage(), e);
    }
  }

  /** Replaces what a sidecar is to have; it is told at once. */
  synchronized void push(
      String nodeId,
      List<JsonObject> clusters,
      List<JsonObject> listeners,
      List<JsonObject> routes) {
    cache.setSnapshot(
        nodeId,
        Snapshot.create(
            parse(clusters, Cluster::newBuilder, Cluster.class),
            List.of(),
            parse(listeners, Listener::newBuilder, Listener.class),
            parse(routes, RouteConfiguration::newBuilder, RouteConfiguration.class),
            List.of(),
            String.valueOf(++version)));
  }

  private static <T extends Message> List<T> parse(
      List<JsonObject> all, Supplier<Message.Builder> builders, Class<T> type) {
    List<T> parsed = new ArrayList<>(all.size());
    for (JsonObject json : all) {
      Message.Builder builder = builders.get();
      try {
        PARSER.merge(json.encode(), builder);
      } catch (InvalidProtocolBufferException e) {
        throw new MeshException(json.getString("name") + ": " + e.getMessage(), e);
      }
      parsed.add(type.cast(builder.build()));
    }
    return parsed;
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(2, TimeUnit.SECONDS); // its streams still end on these loops
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loops.shutdownGracefully(QUIET_MILLIS, 2_000, TimeUnit.MILLISECONDS);
  }
}
