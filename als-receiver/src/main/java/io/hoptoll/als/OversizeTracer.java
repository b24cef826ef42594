package io.hoptoll.als;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;

/**
 * Counts messages above the limit. gRPC refuses these before any listener of ours sees them; the
 * stream's final status is the only trace.
 */
final class OversizeTracer extends ServerStreamTracer {
  private final AlsCounters counters;
  private final Complaints complaints;
  private String peer = "unknown";

  private OversizeTracer(AlsCounters counters, Complaints complaints) {
    this.counters = counters;
    this.complaints = complaints;
  }

  static ServerStreamTracer.Factory factory(AlsCounters counters, Complaints complaints) {
    return new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new OversizeTracer(counters, complaints);
      }
    };
  }

  @Override
  public void serverCallStarted(ServerCallInfo<?, ?> call) {
    peer = AccessLogHandler.name(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
  }

  @Override
  public void streamClosed(Status status) {
    if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
      counters.malformed(Malformed.STREAM_MESSAGE_TOO_LARGE);
      complaints.about(
          peer,
          Malformed.STREAM_MESSAGE_TOO_LARGE.name(),
          status.getDescription() + "; its entries are lost, the stream was ended");
    }
  }
}
