package io.hoptoll.wire;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.hoptoll.model.HeadsAsked;
import io.hoptoll.wire.v1.AgentsGrpc;
import io.hoptoll.wire.v1.FromAgent;
import io.hoptoll.wire.v1.FromServer;
import io.hoptoll.wire.v1.Reading;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One stream to the server, from Hello to its end; what comes is left for the agent's thread. */
final class AgentStream implements ClientResponseObserver<FromAgent, FromServer>, AutoCloseable {
  private final Runnable wake;
  private final ServerOffset offset;
  private final ManagedChannel channel;
  private @Nullable ClientCallStreamObserver<FromAgent> out;
  private volatile long acknowledged = -1;
  private volatile boolean welcome;
  private volatile Map<Long, HeadsAsked> reading = Map.of();
  private volatile @Nullable Status ended;

  /** Connects and says Hello. */
  AgentStream(String server, FromAgent hello, ServerOffset offset, Runnable wake) {
    this.wake = wake;
    this.offset = offset;
    this.channel =
        NettyChannelBuilder.forTarget(server)
            .usePlaintext()
            .keepAliveTime(Limits.KEEPALIVE.toSeconds(), TimeUnit.SECONDS)
            .keepAliveTimeout(Limits.KEEPALIVE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
            .build();
    var unused = AgentsGrpc.newStub(channel).report(this);
    send(hello);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<FromAgent> stream) {
    out = stream;
    stream.setOnReadyHandler(wake);
  }

  @Override
  public void onNext(FromServer words) {
    switch (words.getWordsCase()) {
      case WELCOME -> {
        acknowledged = words.getWelcome().getApplied();
        welcome = true;
      }
      case ACK -> acknowledged = Math.max(acknowledged, words.getAck().getSequence());
      case STAMPS -> offset.add(words.getStamps(), Clock.wallNanos());
      case READING -> reading = reading(words.getReading());
      default -> {} // of a newer server
    }
    wake.run();
  }

  @Override
  public void onError(Throwable cause) {
    ended = Status.fromThrowable(cause);
    wake.run();
  }

  @Override
  public void onCompleted() {
    ended = Status.UNAVAILABLE.withDescription("the server ended the stream");
    wake.run();
  }

  private static Map<Long, HeadsAsked> reading(Reading asked) {
    Map<Long, HeadsAsked> all = new HashMap<>();
    asked.getNamespacesList().stream()
        .limit(Limits.READ_NAMESPACES)
        .forEach(
            n ->
                all.put(
                    n.getNetns(),
                    new HeadsAsked(Math.max(0, n.getClearBytes()), Math.max(0, n.getTlsBytes()))));
    return Map.copyOf(all);
  }

  /** Whose heads the server wants read. */
  Map<Long, HeadsAsked> reading() {
    return reading;
  }

  boolean isWelcome() {
    return welcome;
  }

  /** All up to this sequence number is applied. */
  long acknowledged() {
    return acknowledged;
  }

  /** Null while it stands. */
  @Nullable Status ended() {
    return ended;
  }

  /** Whether the server's window has room. */
  boolean isReady() {
    return Objects.requireNonNull(out).isReady();
  }

  void send(FromAgent words) {
    Objects.requireNonNull(out).onNext(words);
  }

  @Override
  public void close() {
    if (ended == null) {
      Objects.requireNonNull(out).onCompleted();
    }
    channel.shutdown();
    try {
      if (!channel.awaitTermination(100, TimeUnit.MILLISECONDS)) {
        channel.shutdownNow();
      }
    } catch (InterruptedException e) {
      channel.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
