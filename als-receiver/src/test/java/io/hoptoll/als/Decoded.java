package io.hoptoll.als;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.hoptoll.model.LogStream;
import io.hoptoll.model.SidecarSpan;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All that one message gives: by the decoder, and by the generated classes.
 *
 * @param accepted false: no StreamAccessLogsMessage; the rest is then empty
 * @param sender null where the message says none and none was known
 */
record Decoded(
    boolean accepted,
    @Nullable LogStream sender,
    List<SidecarSpan> spans,
    List<Malformed> reasons) {
  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Decoded d
        && accepted == d.accepted
        && said(sender).equals(said(d.sender))
        && spans.equals(d.spans)
        && reasons.equals(d.reasons);
  }

  @Override
  public int hashCode() {
    return Objects.hash(accepted, spans, reasons);
  }

  private static List<Object> said(@Nullable LogStream sender) {
    return sender == null ? List.of() : List.of(sender.proxy(), sender.logName());
  }

  private static final Decoded REFUSED = new Decoded(false, null, List.of(), List.of());
  private static final String PEER = "192.0.2.1";

  /**
   * Of half of all messages the outline of each entry is read first, as under load: that must not
   * change what comes out.
   *
   * @param known the stream's sender, null for its first message
   */
  static Decoded ours(MessageDecoder decoder, byte[] message, @Nullable LogStream known) {
    Collector output = new Collector(message.length % 2 == 1);
    try {
      decoder.open(new ByteArrayInputStream(message));
      LogStream sender = known == null ? identity(decoder.identifier()) : known;
      if (sender == null) {
        decoder.check();
      } else {
        decoder.decode(sender, output);
      }
      return new Decoded(true, sender, output.spans, output.reasons);
    } catch (WireException e) {
      if (!output.spans.isEmpty() || !output.reasons.isEmpty()) {
        throw new AssertionError("entries of a refused message went on: " + output.spans, e);
      }
      return REFUSED;
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      decoder.close();
    }
  }

  static Decoded byGeneratedClasses(byte[] bytes, @Nullable LogStream known) {
    StreamAccessLogsMessage message;
    try {
      message = StreamAccessLogsMessage.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      return REFUSED;
    }
    LogStream sender =
        known != null ? known : identity(message.hasIdentifier() ? message.getIdentifier() : null);
    Collector output = new Collector(false);
    if (sender != null) {
      ReferenceDecoder decoder =
          new ReferenceDecoder(sender.proxy(), sender.logName(), output.reasons::add);
      for (HTTPAccessLogEntry entry : message.getHttpLogs().getLogEntryList()) {
        output.add(decoder.decode(entry));
      }
      for (TCPAccessLogEntry entry : message.getTcpLogs().getLogEntryList()) {
        output.add(decoder.decode(entry));
      }
    }
    return new Decoded(true, sender, output.spans, output.reasons);
  }

  private static @Nullable LogStream identity(
      StreamAccessLogsMessage.@Nullable Identifier identifier) {
    return identifier == null
        ? null
        : new LogStream(ProxyIdentity.decode(identifier.getNode(), PEER), identifier.getLogName());
  }

  private static final class Collector implements MessageDecoder.Output {
    private final List<SidecarSpan> spans = new ArrayList<>();
    private final List<Malformed> reasons = new ArrayList<>();
    private final boolean leavesOut;

    private Collector(boolean leavesOut) {
      this.leavesOut = leavesOut;
    }

    @Override
    public boolean leavesOut() {
      return leavesOut;
    }

    @Override
    public void span(SidecarSpan span, boolean httpLog) {
      spans.add(span);
    }

    @Override
    public void refused(Malformed reason) {
      reasons.add(reason);
    }

    private void add(@Nullable SidecarSpan span) {
      if (span != null) {
        spans.add(span);
      }
    }
  }

  /** For tests of single entries. */
  void tellReasons(Consumer<Malformed> listener) {
    reasons.forEach(listener);
  }
}
