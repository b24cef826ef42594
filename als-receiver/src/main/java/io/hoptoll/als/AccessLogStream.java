package io.hoptoll.als;

import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import org.jspecify.annotations.Nullable;

/**
 * One open stream of one sidecar's worker. Reads on as soon as a message is handled, so Envoy is
 * never held up; answers nothing until the client half-closes.
 *
 * <p>Called by one event loop, except {@link #end}, which any thread may call.
 */
final class AccessLogStream extends ServerCall.Listener<ReceivedMessage> {
  private final ServerCall<ReceivedMessage, StreamAccessLogsResponse> call;
  private final AccessLogHandler receiver;
  private final String peer;
  private boolean ended;
  private long messages;
  private @Nullable Proxy proxy;
  private @Nullable SpanDecoder decoder;
  private @Nullable LogSource httpLog;
  private @Nullable LogSource tcpLog;

  AccessLogStream(
      ServerCall<ReceivedMessage, StreamAccessLogsResponse> call,
      AccessLogHandler receiver,
      String peer) {
    this.call = call;
    this.receiver = receiver;
    this.peer = peer;
  }

  @Override
  public void onMessage(ReceivedMessage received) {
    messages++;
    if (received instanceof ReceivedMessage.Decoded decoded) {
      accept(decoded);
    } else if (received instanceof ReceivedMessage.Undecodable bad) {
      refuse(
          Malformed.STREAM_UNDECODABLE,
          "message %d of this stream (%d bytes) is no StreamAccessLogsMessage: %s"
              .formatted(messages, bad.bytes(), bad.why()));
    }
    call.request(1);
  }

  @Override
  public void onHalfClose() {
    answer();
  }

  @Override
  public void onComplete() {
    receiver.closed(this);
  }

  @Override
  public void onCancel() {
    receiver.closed(this);
  }

  /** Ends the call once, with a status and no answer. */
  synchronized void end(Status status) {
    if (!ended) {
      ended = true;
      call.close(status, new Metadata());
    }
  }

  private synchronized void answer() {
    if (!ended) {
      ended = true;
      call.sendHeaders(new Metadata());
      call.sendMessage(StreamAccessLogsResponse.getDefaultInstance());
      call.close(Status.OK, new Metadata());
    }
  }

  private void accept(ReceivedMessage.Decoded decoded) {
    StreamAccessLogsMessage message = decoded.message();
    Proxy sender = proxy != null ? proxy : identify(message);
    if (sender == null) {
      refuse(
          Malformed.STREAM_WITHOUT_IDENTIFIER,
          "the first message of a stream must carry identifier.node (who logs) and"
              + " identifier.log_name; this one has no identifier");
      return;
    }
    receiver
        .counters()
        .message(sender, decoded.bytes(), message.hasHttpLogs() || message.hasTcpLogs());
    decode(message);
  }

  private @Nullable Proxy identify(StreamAccessLogsMessage first) {
    if (!first.hasIdentifier()) {
      return null;
    }
    Proxy sender = ProxyIdentity.decode(first.getIdentifier().getNode(), peer);
    String logName = first.getIdentifier().getLogName();
    proxy = sender;
    decoder = new SpanDecoder(sender, logName, receiver.counters()::malformed);
    httpLog = new LogSource(sender, logName, true);
    tcpLog = new LogSource(sender, logName, false);
    return sender;
  }

  private void decode(StreamAccessLogsMessage message) {
    if (decoder == null || httpLog == null || tcpLog == null) {
      return;
    }
    for (HTTPAccessLogEntry entry : message.getHttpLogs().getLogEntryList()) {
      handOn(decoder.decode(entry), httpLog);
    }
    for (TCPAccessLogEntry entry : message.getTcpLogs().getLogEntryList()) {
      handOn(decoder.decode(entry), tcpLog);
    }
  }

  private void handOn(@Nullable SidecarSpan span, LogSource source) {
    if (span != null) {
      receiver.handOn(span, source);
    }
  }

  private void refuse(Malformed reason, String words) {
    if (isEnded()) {
      return; // what was on its way when the stream was refused
    }
    receiver.counters().malformed(reason);
    receiver.complaints().about(proxy == null ? peer : proxy.nodeId(), reason.name(), words);
    end(Status.INVALID_ARGUMENT.withDescription(words));
  }

  private synchronized boolean isEnded() {
    return ended;
  }
}
