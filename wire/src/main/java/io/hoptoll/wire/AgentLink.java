package io.hoptoll.wire;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.hoptoll.wire.v1.Batch;
import io.hoptoll.wire.v1.FromAgent;
import io.hoptoll.wire.v1.Hello;
import io.hoptoll.wire.v1.Probes;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects, says Hello, sends what is due, and begins again with a back-off. Of one thread. */
final class AgentLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AgentLink.class);

  private final AgentClientConfig config;
  private final Intake intake;
  private final ResendBuffer buffer;
  private final Supplier<AgentHealth> health;
  private final Runnable wake;
  private final HeadsTold heads;
  private final ServerOffset offset = new ServerOffset();
  private final BackOff backOff = new BackOff();
  private @Nullable AgentStream stream;
  private boolean welcomed;
  private String problem = "not connected yet";
  private long streams;
  private long sent;
  private long beganNanos;
  private long nextAttemptNanos = System.nanoTime();
  private long nextStatusNanos;

  AgentLink(
      AgentClientConfig config,
      Intake intake,
      ResendBuffer buffer,
      Supplier<AgentHealth> health,
      HeadsTold heads,
      Runnable wake) {
    this.config = config;
    this.intake = intake;
    this.buffer = buffer;
    this.health = health;
    this.heads = heads;
    this.wake = wake;
  }

  /** Does what is due. */
  void step(long nowNanos) {
    AgentStream s = stream;
    if (s == null) {
      heads.tell(Map.of()); // mostly it has been by giveUp
      if (nowNanos - nextAttemptNanos >= 0) {
        beganNanos = nowNanos;
        welcomed = false;
        stream = new AgentStream(config.server(), hello(), offset, wake);
      }
      return;
    }
    Status ended = s.ended(); // before the look at what it acknowledged: both come in order
    buffer.acknowledge(s.acknowledged());
    if (ended != null) {
      giveUp(s, words(ended), nowNanos);
    } else if (s.isWelcome()) {
      heads.tell(s.reading());
      serve(s, nowNanos);
    } else if (nowNanos - beganNanos > Limits.HELLO_ANSWER.toNanos()) {
      giveUp(s, "no answer to Hello in " + Limits.HELLO_ANSWER.toSeconds() + " s", nowNanos);
    }
  }

  private void serve(AgentStream s, long nowNanos) {
    if (!welcomed) {
      welcomed = true;
      streams++;
      sent = s.acknowledged();
      nextStatusNanos = nowNanos;
      LOG.info("{}: connected to {}", config.node(), config.server());
      intake.state().forEach(out -> s.send(batch(0, Packed.pack(out.build()), out.records())));
    }
    if (s.acknowledged() > 0) {
      backOff.reset();
    }
    if (nowNanos - nextStatusNanos >= 0) {
      nextStatusNanos = nowNanos + Limits.STATUS_EVERY.toNanos();
      s.send(FromAgent.newBuilder().setStatus(status()).build());
    }
    while (s.isReady() && buffer.inFlight(sent) < Limits.IN_FLIGHT) {
      ResendBuffer.Packet next = buffer.sendAfter(sent);
      if (next == null) {
        return;
      }
      sent = next.sequence();
      s.send(batch(next.sequence(), next.rows(), next.records()));
    }
  }

  private void giveUp(AgentStream s, String why, long nowNanos) {
    s.close();
    stream = null;
    welcomed = false;
    nextAttemptNanos = nowNanos + backOff.next().toNanos();
    if (!why.equals(problem)) {
      LOG.warn("{}: not connected to {}: {}; trying again", config.node(), config.server(), why);
    }
    problem = why;
    heads.tell(Map.of());
  }

  private static String words(Status ended) {
    String why = ended.getDescription();
    Throwable cause = ended.getCause();
    return (why == null ? ended.getCode().name() : why)
        + (cause == null ? "" : " (" + cause.getMessage() + ")");
  }

  private FromAgent hello() {
    Clock clock = intake.clock();
    return FromAgent.newBuilder()
        .setHello(
            Hello.newBuilder()
                .setNode(config.node())
                .setBootId(config.bootId())
                .setEpoch(config.epoch())
                .setVersion(config.version())
                .setClock(
                    io.hoptoll.wire.v1.Clock.newBuilder()
                        .setMonotonicNanos(clock.monotonicNanos())
                        .setOffsetNanos(clock.offsetNanos())
                        .setBoundNanos(clock.boundNanos())))
        .build();
  }

  private static FromAgent batch(long sequence, ByteString rows, int records) {
    return FromAgent.newBuilder()
        .setBatch(Batch.newBuilder().setSequence(sequence).setRows(rows).setRecords(records))
        .build();
  }

  private io.hoptoll.wire.v1.Status status() {
    AgentHealth own = health.get();
    ServerOffset.Estimate best = offset.best();
    return io.hoptoll.wire.v1.Status.newBuilder()
        .setSentWallNanos(Clock.wallNanos())
        .setServerOffsetNanos(best.nanos())
        .setServerOffsetBoundNanos(best.boundNanos())
        .addAllMissing(own.missing())
        .putAllShed(shed())
        .putAllEntries(own.entries())
        .setBufferedBytes(buffer.bytes())
        .setBufferBytes(buffer.maxBytes())
        .setOldestWallNanos(buffer.oldestWallNanos())
        .setProbes(
            Probes.newBuilder()
                .setRunning(own.running())
                .setHooks(own.hooks())
                .setPayload(own.payload())
                .setTasksOff(!own.tasks())
                .putAllFailures(own.failures())
                .addAllRead(ReadRows.told(own.reading()))
                .setExchanges(own.exchanges())
                .setConnections(own.connections())
                .setRingLost(own.ringLost())
                .setSockets(own.sockets()))
        .build();
  }

  /** By cause: packing fell behind, or the server was away for longer than the buffer lasts. */
  private Map<String, Long> shed() {
    return Map.of("packing", intake.shed(), "buffer", buffer.shed());
  }

  AgentClientStats stats() {
    return new AgentClientStats(welcomed, welcomed ? "" : problem, streams, buffer.bytes(), shed());
  }

  @Override
  public void close() {
    if (stream != null) {
      stream.close();
      stream = null;
      welcomed = false;
    }
    heads.tell(Map.of());
  }
}
