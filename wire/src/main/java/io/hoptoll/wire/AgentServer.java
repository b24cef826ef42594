package io.hoptoll.wire;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.hoptoll.model.HeadsAsked;
import io.hoptoll.wire.v1.AgentsGrpc;
import io.hoptoll.wire.v1.FromAgent;
import io.hoptoll.wire.v1.FromServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The server's end: listens, lets one agent a node in, hands records on once each. */
public final class AgentServer implements AutoCloseable {
  private static final Context.Key<String> ADDRESS = Context.key("agent");

  private final Outlet outlet;
  private final String ownNode;
  private final Nodes nodes;
  private final Set<AgentSession> sessions = ConcurrentHashMap.newKeySet();
  private final LongAdder refused = new LongAdder();
  private final ExecutorService threads = Executors.newCachedThreadPool(named("agents-"));
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(named("agents-sweep-"));
  private final Server server;
  private volatile Map<String, Map<Long, HeadsAsked>> headsAsked = Map.of();

  private AgentServer(InetSocketAddress listen, String ownNode, Outlet outlet) {
    this.outlet = outlet;
    this.ownNode = ownNode;
    this.nodes = new Nodes(outlet);
    this.server =
        NettyServerBuilder.forAddress(listen)
            .executor(threads)
            .maxInboundMessageSize(Limits.MESSAGE_BYTES)
            .maxConcurrentCallsPerConnection(1)
            .keepAliveTime(Limits.KEEPALIVE.toSeconds(), TimeUnit.SECONDS)
            .keepAliveTimeout(Limits.KEEPALIVE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
            .permitKeepAliveTime(Limits.KEEPALIVE_PERMITTED.toSeconds(), TimeUnit.SECONDS)
            .intercept(new Addresses())
            .addService(new Service())
            .build();
  }

  /**
   * Listens.
   *
   * @param ownNode the node that this process watches itself, which no agent may speak for; empty:
   *     none
   * @throws IOException when it cannot; says where and why
   */
  public static AgentServer start(InetSocketAddress listen, String ownNode, Outlet outlet)
      throws IOException {
    AgentServer started = new AgentServer(listen, ownNode, outlet);
    try {
      started.server.start();
    } catch (IOException e) {
      started.close();
      Throwable why = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "agents cannot be listened for on %s: %s; stop what listens there or choose another address"
              .formatted(listen, why.getMessage()),
          e);
    }
    var unused =
        started.sweeper.scheduleWithFixedDelay(
            () -> started.nodes.sweep(System.nanoTime()), 1, 1, TimeUnit.SECONDS);
    return started;
  }

  public int port() {
    return server.getPort();
  }

  /** Every node that has or had an agent since the start, by name. */
  public List<AgentView> agents() {
    return nodes.views();
  }

  /** Streams refused because their node had another agent. */
  public long refusals() {
    return refused.sum();
  }

  /** Ends every stream; agents come back by themselves and send again what was not acknowledged. */
  @Override
  public void close() {
    server.shutdown();
    sweeper.shutdownNow();
    sessions.forEach(AgentSession::stop);
    try {
      if (!server.awaitTermination(1, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
      threads.shutdown();
      threads.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Has agents read heads of these network namespaces, and no others; those that come later, too.
   * Any thread.
   *
   * @param asked by node and namespace
   */
  public void readHeads(Map<String, Map<Long, HeadsAsked>> asked) {
    headsAsked = Map.copyOf(asked);
    sessions.forEach(AgentSession::tellHeads);
  }

  Map<Long, HeadsAsked> headsAsked(String node) {
    return headsAsked.getOrDefault(node, Map.of());
  }

  NodeAccount account(String node) {
    return nodes.of(node, System.nanoTime());
  }

  boolean watchesItself(String node) {
    return node.equals(ownNode);
  }

  void add(AgentSession session) {
    sessions.add(session);
  }

  void remove(AgentSession session) {
    sessions.remove(session);
  }

  void refused() {
    refused.increment();
  }

  boolean hasRoom() {
    return outlet.hasRoom().getAsBoolean();
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger n = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, prefix + n.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private final class Service extends AgentsGrpc.AgentsImplBase {
    @Override
    public StreamObserver<FromAgent> report(StreamObserver<FromServer> out) {
      return new AgentSession(AgentServer.this, String.valueOf(ADDRESS.get()), out);
    }
  }

  /** Who calls, for refusals and the list of agents. */
  private static final class Addresses implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      Object peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
      String address =
          peer instanceof InetSocketAddress i
              ? i.getAddress().getHostAddress() + ":" + i.getPort()
              : String.valueOf(peer);
      Context context = Context.current().withValue(ADDRESS, address);
      return Contexts.interceptCall(context, call, headers, next);
    }
  }
}
