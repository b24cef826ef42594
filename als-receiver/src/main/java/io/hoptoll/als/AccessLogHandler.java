package io.hoptoll.als;

import com.github.benmanes.caffeine.cache.Interner;
import io.envoyproxy.envoy.service.accesslog.v3.AccessLogServiceGrpc;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SpanSink;
import java.io.InputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What all streams share: the sink, each thread's decoder, the copies known, the counters, and the
 * list of who is open.
 */
final class AccessLogHandler implements ServerCallHandler<InputStream, StreamAccessLogsResponse> {
  private final SpanSink sink;
  private final AlsCounters counters;
  private final Complaints complaints;
  private final boolean certificatesNeeded;
  private final Duplicates duplicates = new Duplicates();
  private final Interner<Proxy> proxies = Interner.newWeakInterner();
  private final ThreadLocal<MessageDecoder> decoders = ThreadLocal.withInitial(MessageDecoder::new);
  private final Set<AccessLogStream> open = ConcurrentHashMap.newKeySet();

  /**
   * @param certificatesNeeded whether senders over TLS must be whom their certificates name
   */
  AccessLogHandler(
      SpanSink sink, AlsCounters counters, Complaints complaints, boolean certificatesNeeded) {
    this.sink = sink;
    this.certificatesNeeded = certificatesNeeded;
    this.counters = counters;
    this.complaints = complaints;
  }

  /** The service, with requests as bytes. */
  ServerServiceDefinition service() {
    MethodDescriptor<InputStream, StreamAccessLogsResponse> method =
        AccessLogServiceGrpc.getStreamAccessLogsMethod().toBuilder(
                new RawMarshaller(),
                AccessLogServiceGrpc.getStreamAccessLogsMethod().getResponseMarshaller())
            .build();
    return ServerServiceDefinition.builder(AccessLogServiceGrpc.SERVICE_NAME)
        .addMethod(method, this)
        .build();
  }

  @Override
  public ServerCall.Listener<InputStream> startCall(
      ServerCall<InputStream, StreamAccessLogsResponse> call, Metadata headers) {
    AccessLogStream stream =
        new AccessLogStream(call, this, Peer.of(call.getAttributes(), certificatesNeeded));
    InboundTracer.attach(stream);
    open.add(stream);
    counters.streamOpened();
    call.request(1);
    return stream;
  }

  /** An entry of a request that the sink does not take. */
  void leftOut(SidecarSpan.Kind kind) {
    sink.leftOut(1);
    counters.leftOut(kind);
  }

  SpanSink sink() {
    return sink;
  }

  AlsCounters counters() {
    return counters;
  }

  Complaints complaints() {
    return complaints;
  }

  /** The decoder of the calling event loop. */
  MessageDecoder decoder() {
    return decoders.get();
  }

  /** One object for all streams of a proxy. */
  Proxy intern(Proxy proxy) {
    return proxies.intern(proxy);
  }

  LogSource source(Proxy proxy, String logName, boolean http) {
    return duplicates.source(proxy, logName, http);
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

  /** Whether it was open. */
  boolean closed(AccessLogStream stream) {
    boolean was = open.remove(stream);
    if (was) {
      counters.streamClosed();
    }
    return was;
  }

  void endAll(Status status) {
    open.forEach(s -> s.end(status));
  }
}
