package io.hoptoll.als;

import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.Identifier;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.hoptoll.model.LogStream;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * One open stream of one sidecar's worker. Reads on as soon as a message is handled, so Envoy is
 * never held up; answers nothing until the client half-closes.
 *
 * <p>Called by one event loop, except {@link #end}, which any thread may call.
 */
final class AccessLogStream extends ServerCall.Listener<InputStream>
    implements MessageDecoder.Output {
  private final ServerCall<InputStream, StreamAccessLogsResponse> call;
  private final AccessLogHandler receiver;
  private final Peer peer;
  private boolean ended;
  private long messages;
  private @Nullable LogStream sender;
  private @Nullable LogSource httpLog;
  private @Nullable LogSource tcpLog;

  AccessLogStream(
      ServerCall<InputStream, StreamAccessLogsResponse> call,
      AccessLogHandler receiver,
      Peer peer) {
    this.call = call;
    this.receiver = receiver;
    this.peer = peer;
  }

  @Override
  public void onMessage(InputStream bytes) {
    messages++;
    MessageDecoder decoder = receiver.decoder();
    try {
      decoder.open(bytes);
      accept(decoder);
    } catch (WireException e) {
      refuse(
          Malformed.STREAM_UNDECODABLE,
          Status.INVALID_ARGUMENT,
          "message %d of this stream (%d bytes) is no StreamAccessLogsMessage: %s"
              .formatted(messages, decoder.length(), e.getMessage()));
    } catch (StatusRuntimeException e) {
      end(e.getStatus()); // a compressed message that grows above the limit
    } catch (IOException e) {
      end(Status.INTERNAL.withDescription("message %d: %s".formatted(messages, e)));
    } finally {
      decoder.close();
    }
    call.request(1);
  }

  @Override
  public void onHalfClose() {
    answer();
  }

  @Override
  public void onComplete() {
    close();
  }

  @Override
  public void onCancel() {
    close();
  }

  private void close() {
    if (receiver.closed(this) && sender != null) {
      receiver.sink().ended(sender);
    }
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

  @Override
  public void span(SidecarSpan span, boolean http) {
    LogSource source = http ? httpLog : tcpLog;
    if (source != null) {
      receiver.handOn(span, source);
    }
  }

  @Override
  public boolean leavesOut() {
    return receiver.sink().leavesOut();
  }

  @Override
  public boolean takes(long requestHash, long startWallNanos) {
    return receiver.sink().takes(requestHash, startWallNanos);
  }

  @Override
  public void leftOut(SidecarSpan.Kind kind) {
    receiver.leftOut(kind);
  }

  @Override
  public void refused(Malformed reason) {
    receiver.counters().malformed(reason);
  }

  private void accept(MessageDecoder decoder) throws WireException {
    LogStream known = sender;
    if (known == null) {
      known = identify(decoder);
      if (isEnded()) {
        return;
      }
    }
    if (known == null) {
      decoder.check();
      refuse(
          Malformed.STREAM_WITHOUT_IDENTIFIER,
          Status.INVALID_ARGUMENT,
          "the first message of a stream must carry identifier.node (who logs) and"
              + " identifier.log_name; this one has no identifier");
      return;
    }
    decoder.decode(known, this);
    receiver.counters().message(known.proxy(), decoder.length(), decoder.hasEntries());
  }

  private @Nullable LogStream identify(MessageDecoder decoder) throws WireException {
    Identifier first = decoder.identifier();
    if (first == null) {
      return null;
    }
    Proxy proxy = receiver.intern(ProxyIdentity.decode(first.getNode(), peer.name()));
    String contradiction = peer.contradiction(proxy, first.getNode());
    if (!contradiction.isEmpty()) {
      refuse(
          Malformed.STREAM_SENDER_CONTRADICTED,
          Status.PERMISSION_DENIED,
          "the sender is not taken for whom it says it is: " + contradiction);
      return null;
    }
    LogStream found = new LogStream(proxy, first.getLogName());
    sender = found;
    httpLog = receiver.source(proxy, found.logName(), true);
    tcpLog = receiver.source(proxy, found.logName(), false);
    return found;
  }

  private void refuse(Malformed reason, Status status, String words) {
    if (isEnded()) {
      return; // what was on its way when the stream was refused
    }
    receiver.counters().malformed(reason);
    receiver
        .complaints()
        .about(sender == null ? peer.name() : sender.proxy().nodeId(), reason.name(), words);
    end(status.withDescription(words));
  }

  private synchronized boolean isEnded() {
    return ended;
  }
}
