package io.hoptoll.als;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.hoptoll.model.LogStream;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Single entries through the decoder, as messages of one each; held against the reference. */
final class EntryDecoder {
  private final MessageDecoder decoder = new MessageDecoder();
  private final LogStream sender;
  private final Consumer<Malformed> refused;

  EntryDecoder(Proxy proxy, String logName, Consumer<Malformed> refused) {
    this.sender = new LogStream(proxy, logName);
    this.refused = refused;
  }

  /** Null if unusable. */
  @Nullable SidecarSpan decode(HTTPAccessLogEntry entry) {
    StreamAccessLogsMessage.Builder message = StreamAccessLogsMessage.newBuilder();
    message.getHttpLogsBuilder().addLogEntry(entry);
    return decode(message);
  }

  /** Null if unusable. */
  @Nullable SidecarSpan decode(TCPAccessLogEntry entry) {
    StreamAccessLogsMessage.Builder message = StreamAccessLogsMessage.newBuilder();
    message.getTcpLogsBuilder().addLogEntry(entry);
    return decode(message);
  }

  private @Nullable SidecarSpan decode(StreamAccessLogsMessage.Builder message) {
    byte[] bytes = message.build().toByteArray();
    Decoded decoded = Decoded.ours(decoder, bytes, sender);
    assertEquals(Decoded.byGeneratedClasses(bytes, sender), decoded);
    assertTrue(decoded.accepted(), "a message");
    decoded.tellReasons(refused);
    return decoded.spans().isEmpty() ? null : decoded.spans().get(0);
  }
}
