package io.hoptoll.als;

import io.envoyproxy.envoy.service.accesslog.v3.AccessLogServiceGrpc;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SpanSink;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What all streams share: the sink, the copies known, the counters, and the list of who is open.
 */
final class AccessLogHandler
    implements ServerCallHandler<ReceivedMessage, StreamAccessLogsResponse> {
  private final SpanSink sink;
  private final AlsCounters counters;
  private final Complaints complaints;
  private final Duplicates duplicates = new Duplicates();
  private final Set<AccessLogStream> open = ConcurrentHashMap.newKeySet();

  AccessLogHandler(SpanSink sink, AlsCounters counters, Complaints complaints) {
    this.sink = sink;
    this.counters = counters;
    this.complaints = complaints;
  }

  /** The service with a marshaller that survives bytes that are no message. */
  ServerServiceDefinition service() {
    MethodDescriptor<ReceivedMessage, StreamAccessLogsResponse> method =
        AccessLogServiceGrpc.getStreamAccessLogsMethod().toBuilder(
                new ReceivedMessage.Marshaller(),
                AccessLogServiceGrpc.getStreamAccessLogsMethod().getResponseMarshaller())
            .build();
    return ServerServiceDefinition.builder(AccessLogServiceGrpc.SERVICE_NAME)
        .addMethod(method, this)
        .build();
  }

  @Override
  public ServerCall.Listener<ReceivedMessage> startCall(
      ServerCall<ReceivedMessage, StreamAccessLogsResponse> call, Metadata headers) {
    AccessLogStream stream =
        new AccessLogStream(
            call, this, name(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
    open.add(stream);
    counters.streamOpened();
    call.request(1);
    return stream;
  }

  AlsCounters counters() {
    return counters;
  }

  Complaints complaints() {
    return complaints;
  }

  void handOn(SidecarSpan span, LogSource source) {
    if (duplicates.isDuplicate(span, source)) {
      counters.duplicate();
      return;
    }
    try {
      sink.span(span);
      counters.span(span);
    } catch (RuntimeException e) {
      counters.sinkFailed();
      complaints.about(span.proxy().nodeId(), "span lost, the sink failed", e.toString());
    }
  }

  void closed(AccessLogStream stream) {
    if (open.remove(stream)) {
      counters.streamClosed();
    }
  }

  void endAll(Status status) {
    open.forEach(s -> s.end(status));
  }

  /** The remote end without its ephemeral port; unix peers have no name. */
  static String name(@Nullable SocketAddress peer) {
    return peer instanceof InetSocketAddress ip && ip.getAddress() != null
        ? ip.getAddress().getHostAddress()
        : "unix";
  }
}
