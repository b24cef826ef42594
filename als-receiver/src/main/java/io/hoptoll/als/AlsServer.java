package io.hoptoll.als;

import io.grpc.Server;
import io.grpc.Status;
import io.hoptoll.model.SpanSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Envoy's access log sink: listens, decodes, hands spans on. See the package for the threads. */
public final class AlsServer implements AutoCloseable {
  private final AlsCounters counters = new AlsCounters(System::currentTimeMillis);
  private final Complaints complaints = new Complaints();
  private final KeepAlive keepAlive;
  private final ReadingBudget budget;
  private final AccessLogHandler handler;
  private final EventLoops loops = new EventLoops();
  private final List<Server> servers = new ArrayList<>();
  private final List<Path> socketFiles = new ArrayList<>();

  /**
   * When a silent peer is asked whether it lives.
   *
   * @param after so long without a byte of it
   * @param timeout what it is given to answer
   */
  record KeepAlive(Duration after, Duration timeout) {
    static final KeepAlive USUAL = new KeepAlive(Limits.KEEPALIVE, Limits.KEEPALIVE_TIMEOUT);
  }

  private AlsServer(AlsConfig config, SpanSink sink, KeepAlive keepAlive) {
    this.keepAlive = keepAlive;
    AlsTls tls = config.tls();
    budget = new ReadingBudget(config.readingBytes());
    handler =
        new AccessLogHandler(sink, counters, complaints, tls != null && tls.clientCa() != null);
  }

  /**
   * Listens on every address of {@code config}, or on none.
   *
   * @param sink called by several threads; must not block, or its Envoys' logs pile up
   * @throws IOException when one of them cannot be listened on; says which and why
   */
  public static AlsServer start(AlsConfig config, SpanSink sink) throws IOException {
    return start(config, sink, KeepAlive.USUAL);
  }

  static AlsServer start(AlsConfig config, SpanSink sink, KeepAlive keepAlive) throws IOException {
    AlsServer server = new AlsServer(config, sink, keepAlive);
    try {
      for (String target : config.listen()) {
        server.listen(ListenAddress.parse(target), config);
      }
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** The TCP ports listened on, in the order of the configuration; unix sockets have none. */
  public List<Integer> ports() {
    return servers.stream().map(Server::getPort).filter(port -> port > 0).toList();
  }

  /** The counters so far. */
  public AlsStats stats() {
    return counters.snapshot(budget.bytes());
  }

  /**
   * Stops listening, reads what is still on its way (half a second at most), ends every stream with
   * UNAVAILABLE and frees all threads and files. Envoys reconnect by themselves.
   */
  @Override
  public void close() {
    servers.forEach(Server::shutdown);
    drain();
    handler.endAll(Status.UNAVAILABLE.withDescription("Hoptoll's ALS receiver is stopping"));
    long deadline = System.nanoTime() + Limits.CLOSE_MAX.toNanos();
    servers.forEach(s -> awaitOrCut(s, deadline));
    loops.close();
    socketFiles.forEach(AlsServer::delete);
  }

  private void listen(ListenAddress address, AlsConfig config) throws IOException {
    if (address instanceof ListenAddress.Unix unix) {
      UnixSocketFile.prepare(unix.path());
    }
    Server server =
        loops
            .builder(address, config.tls())
            .directExecutor()
            .maxInboundMessageSize(config.maxMessageBytes())
            .keepAliveTime(keepAlive.after().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(keepAlive.timeout().toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(Limits.KEEPALIVE_PERMITTED.toSeconds(), TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addStreamTracerFactory(InboundTracer.factory(counters, complaints, budget))
            .addService(handler.service())
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new IOException(
          "ALS cannot listen on %s: %s; stop what listens there or choose another address"
              .formatted(
                  address, e.getCause() == null ? e.getMessage() : e.getCause().getMessage()),
          e);
    }
    servers.add(server);
    if (address instanceof ListenAddress.Unix unix) {
      socketFiles.add(unix.path());
      UnixSocketFile.openToAll(unix.path());
    }
  }

  private void drain() {
    long now = System.nanoTime();
    long last = now + Limits.DRAIN_MAX.toNanos();
    long quietSince = now;
    long seen = counters.messagesSoFar();
    while (!servers.isEmpty() && now < last && now - quietSince < Limits.DRAIN_QUIET.toNanos()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      now = System.nanoTime();
      if (counters.messagesSoFar() != seen) {
        seen = counters.messagesSoFar();
        quietSince = now;
      }
    }
  }

  private static void awaitOrCut(Server server, long deadline) {
    try {
      if (!server.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Path socketFile) {
    try {
      Files.deleteIfExists(socketFile);
    } catch (IOException e) {
      // the next start removes it
    }
  }
}
