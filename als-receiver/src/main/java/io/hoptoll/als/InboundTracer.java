package io.hoptoll.als;

import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Watches a stream's bytes below the level of messages, which is where gRPC holds an incomplete
 * one: accounts for them in the {@link ReadingBudget}, and counts messages above the limit, which
 * gRPC refuses before any listener of ours sees them. Called by the stream's event loop, except
 * {@link #refuse}.
 */
final class InboundTracer extends ServerStreamTracer implements ReadingBudget.Reading {
  private static final Context.Key<InboundTracer> CURRENT = Context.key("hoptoll-inbound");

  private final AlsCounters counters;
  private final Complaints complaints;
  private final ReadingBudget budget;
  private String peer = "unknown";
  private long held;
  private volatile long sinceNanos;
  private volatile @Nullable AccessLogStream stream;

  private InboundTracer(AlsCounters counters, Complaints complaints, ReadingBudget budget) {
    this.counters = counters;
    this.complaints = complaints;
    this.budget = budget;
  }

  static ServerStreamTracer.Factory factory(
      AlsCounters counters, Complaints complaints, ReadingBudget budget) {
    return new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new InboundTracer(counters, complaints, budget);
      }
    };
  }

  /** To be called where a call starts: who is to be ended where a message is refused. */
  static void attach(AccessLogStream stream) {
    InboundTracer tracer = CURRENT.get();
    if (tracer != null) {
      tracer.stream = stream;
    }
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(CURRENT, this);
  }

  @Override
  public void serverCallStarted(ServerCallInfo<?, ?> call) {
    peer = Peer.name(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
  }

  @Override
  public void inboundWireSize(long bytes) {
    if (held == 0) {
      sinceNanos = System.nanoTime();
    }
    held += bytes;
    budget.grow(this, held, bytes);
  }

  @Override
  public void inboundMessageRead(int sequence, long wireSize, long uncompressedSize) {
    release();
  }

  @Override
  public void streamClosed(Status status) {
    release();
    if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
      counters.malformed(Malformed.STREAM_MESSAGE_TOO_LARGE);
      complaints.about(
          peer,
          Malformed.STREAM_MESSAGE_TOO_LARGE.name(),
          status.getDescription() + "; its entries are lost, the stream was ended");
    }
  }

  @Override
  public long sinceNanos() {
    return sinceNanos;
  }

  @Override
  public void refuse(String why) {
    AccessLogStream refused = stream;
    if (refused != null) {
      refused.end(Status.RESOURCE_EXHAUSTED.withDescription(why));
    }
  }

  private void release() {
    if (held > 0) {
      budget.release(this, held);
      held = 0;
    }
  }
}
