package io.hoptoll.wire;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.hoptoll.model.HeadsAsked;
import io.hoptoll.wire.v1.Ack;
import io.hoptoll.wire.v1.Batch;
import io.hoptoll.wire.v1.FromAgent;
import io.hoptoll.wire.v1.FromServer;
import io.hoptoll.wire.v1.Hello;
import io.hoptoll.wire.v1.NamespaceHeads;
import io.hoptoll.wire.v1.Reading;
import io.hoptoll.wire.v1.Stamps;
import io.hoptoll.wire.v1.Welcome;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One stream from an agent, from Hello to its end. gRPC calls it by one thread at a time. */
final class AgentSession implements StreamObserver<FromAgent> {
  private static final long ROOM_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** A DNS name's length, RFC 1035: Kubernetes' bound of node names. */
  private static final int NODE_CHARS = 253;

  private final AgentServer server;
  private final String address;
  private final StreamObserver<FromServer> out;
  private @Nullable NodeAccount account;
  private String node = "";
  private Map<Long, HeadsAsked> headsTold = Map.of();
  private boolean closed;

  AgentSession(AgentServer server, String address, StreamObserver<FromServer> out) {
    this.server = server;
    this.address = address;
    this.out = out;
  }

  @Override
  public void onNext(FromAgent words) {
    if (words.hasBatch()) {
      awaitRoom();
    }
    synchronized (this) { // against stop()
      if (!closed) {
        take(words);
      }
    }
  }

  private void take(FromAgent words) {
    NodeAccount own = account;
    if (own == null) {
      hello(words);
      return;
    }
    if (!own.holds(this)) {
      end(Status.ABORTED.withDescription("a later stream of this agent has taken over"));
      return;
    }
    switch (words.getWordsCase()) {
      case BATCH -> batch(own, words.getBatch());
      case STATUS -> {
        long received = Clock.wallNanos();
        own.status(words.getStatus(), System.nanoTime());
        send(
            FromServer.newBuilder()
                .setStamps(
                    Stamps.newBuilder()
                        .setSentWallNanos(words.getStatus().getSentWallNanos())
                        .setServerReceivedWallNanos(received)
                        .setServerSentWallNanos(Clock.wallNanos())));
      }
      case HELLO -> end(Status.INVALID_ARGUMENT.withDescription("Hello came twice"));
      default -> {} // of a newer agent
    }
  }

  private void hello(FromAgent words) {
    Hello hello = words.getHello();
    String name = hello.getNode();
    if (!words.hasHello() || name.isEmpty() || name.length() > NODE_CHARS) {
      end(Status.INVALID_ARGUMENT.withDescription("the first message is not Hello with a node"));
      return;
    }
    if (server.watchesItself(name)) {
      refuse("the server watches " + name + " itself; run it with --no-bpf, or stop this agent");
      return;
    }
    NodeAccount asked = server.account(name);
    long now = System.nanoTime();
    long applied = asked.take(hello, this, address, now);
    if (applied < 0) {
      refuse(asked.holderWords() + "; stop one of them, or give one its own --node");
      return;
    }
    account = asked;
    server.add(this);
    node = hello.getNode();
    send(FromServer.newBuilder().setWelcome(Welcome.newBuilder().setApplied(applied)));
    tellHeads();
  }

  /** Which heads its agent is to read, unless it knows. Any thread. */
  synchronized void tellHeads() {
    Map<Long, HeadsAsked> asked = server.headsAsked(node);
    if (closed || node.isEmpty() || asked.equals(headsTold)) {
      return;
    }
    headsTold = asked;
    Reading.Builder reading = Reading.newBuilder();
    asked.forEach(
        (netns, heads) ->
            reading.addNamespaces(
                NamespaceHeads.newBuilder()
                    .setNetns(netns)
                    .setClearBytes(heads.clearBytes())
                    .setTlsBytes(heads.tlsBytes())));
    send(FromServer.newBuilder().setReading(reading));
  }

  private void refuse(String why) {
    server.refused();
    end(Status.ALREADY_EXISTS.withDescription(why));
  }

  private void batch(NodeAccount own, Batch batch) {
    long acknowledge = own.apply(batch, this, System.nanoTime());
    if (acknowledge > 0) {
      send(FromServer.newBuilder().setAck(Ack.newBuilder().setSequence(acknowledge)));
    }
  }

  /** What is applied has been acknowledged; what still comes is not applied. */
  synchronized void stop() {
    if (!closed) {
      end(Status.UNAVAILABLE.withDescription("the server is stopping"));
    }
  }

  /** Waits while the correlator is behind: this stream is not read, its agent's window fills. */
  private void awaitRoom() {
    long until = System.nanoTime() + Limits.ROOM_WAIT.toNanos();
    while (!server.hasRoom() && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(ROOM_LOOK_NANOS);
    }
  }

  private void send(FromServer.Builder words) {
    try {
      out.onNext(words.build());
    } catch (StatusRuntimeException | IllegalStateException e) {
      close(); // cancelled meanwhile
    }
  }

  private void end(Status why) {
    close();
    try {
      out.onError(why.asRuntimeException());
    } catch (StatusRuntimeException | IllegalStateException e) {
      // cancelled meanwhile
    }
  }

  private void close() {
    closed = true;
    if (account != null) {
      account.release(this);
    }
    server.remove(this);
  }

  @Override
  public synchronized void onError(Throwable cause) {
    close();
  }

  @Override
  public synchronized void onCompleted() {
    if (!closed) {
      close();
      out.onCompleted();
    }
  }
}
