package io.hoptoll.als;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Timestamp;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What one sidecar sends: a message of recorded entries (a real Envoy's, without the recording's
 * custom tags) whose ids, times and connections are renewed in place for each sending, since
 * building it anew would cost more than reading it. The client's and the server's message of one
 * number are the two halves of the same hops.
 */
public final class PreparedMessages {
  /** What Envoy flushes: about 16 KB. */
  public static final int ENTRIES = 24;

  private static final int CONNECTIONS = 4_096;
  private static final int FIRST_PORT = 20_000;

  /** Stand for what is renewed; each as long on the wire as all that takes its place. */
  private static final long MARKED_SECONDS = 1_790_000_000;

  private static final int MARKED_NANOS = 900_000_000;
  private static final int MARKED_PORT = 65_000;
  private static final long HOP_GAP_NANOS = 20_000;
  private static final long INBOUND_LATER_NANOS = 872_000;
  private static final int ID_DIGITS = 12;

  private final Node node;
  private final byte[] message;
  private final int[] ids;
  private final int[] times;
  private final int[] ports;
  private final long laterNanos;

  private PreparedMessages(int pod, boolean client) {
    String ip = (client ? "10.1." : "10.2.") + pod / 250 + "." + (1 + pod % 250);
    String name = (client ? "client-" : "server-") + pod;
    node =
        Node.newBuilder()
            .setId("sidecar~%s~%s.bench~bench.svc.cluster.local".formatted(ip, name))
            .build();
    laterNanos = client ? 0 : INBOUND_LATER_NANOS;
    StreamAccessLogsMessage.Builder built = StreamAccessLogsMessage.newBuilder();
    HTTPAccessLogEntry recorded = recorded(client);
    for (int e = 0; e < ENTRIES; e++) {
      built.getHttpLogsBuilder().addLogEntry(marked(recorded, pod, client, e));
    }
    message = built.build().toByteArray();
    ids = offsets(idStart(pod).getBytes(StandardCharsets.US_ASCII), 2 * ENTRIES);
    times = offsets(encoded(MARKED_SECONDS, MARKED_NANOS), ENTRIES);
    ports = offsets(encodedPort(), (client ? 1 : 2) * ENTRIES);
  }

  public static PreparedMessages ofClient(int pod) {
    return new PreparedMessages(pod, true);
  }

  public static PreparedMessages ofServer(int pod) {
    return new PreparedMessages(pod, false);
  }

  /** The message that opens the stream: who sends, and no entry. */
  public byte[] first() {
    return StreamAccessLogsMessage.newBuilder()
        .setIdentifier(
            StreamAccessLogsMessage.Identifier.newBuilder().setNode(node).setLogName("bench"))
        .build()
        .toByteArray();
  }

  /**
   * The message's own bytes; the next call changes them.
   *
   * @param hop number of the message's first hop
   * @param wallNanos when that began
   */
  public byte[] renewed(long hop, long wallNanos) {
    for (int i = 0; i < ids.length; i++) {
      digits(ids[i], hop + i / 2);
    }
    for (int e = 0; e < times.length; e++) {
      long at = wallNanos + laterNanos + e * HOP_GAP_NANOS;
      varint(times[e] + 1, at / 1_000_000_000);
      varint(times[e] + 7, at % 1_000_000_000);
    }
    int each = ports.length / ENTRIES;
    for (int i = 0; i < ports.length; i++) {
      int port = FIRST_PORT + (int) ((hop + i / each) % CONNECTIONS);
      message[ports[i] + 1] = (byte) (port | 0x80);
      message[ports[i] + 2] = (byte) (port >>> 7 | 0x80);
      message[ports[i] + 3] = (byte) (port >>> 14);
    }
    return message;
  }

  private static HTTPAccessLogEntry recorded(boolean client) {
    return RecordedEntries.loadWhole("http-mtls").stream()
        .map(RecordedEntries.Recorded::http)
        .filter(e -> e != null)
        .filter(
            e ->
                e.getCommonProperties()
                    .getUpstreamCluster()
                    .startsWith(client ? "outbound|" : "inbound|"))
        .findFirst()
        .orElseThrow();
  }

  private static HTTPAccessLogEntry marked(
      HTTPAccessLogEntry recorded, int pod, boolean client, int number) {
    String clientIp = "10.1." + pod / 250 + "." + (1 + pod % 250);
    String serverIp = "10.2." + pod / 250 + "." + (1 + pod % 250);
    HTTPAccessLogEntry.Builder entry = recorded.toBuilder();
    AccessLogCommon.Builder common = entry.getCommonPropertiesBuilder().clearCustomTags();
    String id = idStart(pod) + "0".repeat(ID_DIGITS);
    common.setStreamId(id);
    entry.getRequestBuilder().setRequestId(id);
    common.setStartTime(Timestamp.newBuilder().setSeconds(MARKED_SECONDS).setNanos(MARKED_NANOS));
    int down = client ? 1_024 + number : MARKED_PORT;
    address(common.getDownstreamDirectRemoteAddressBuilder(), clientIp, down);
    address(common.getDownstreamRemoteAddressBuilder(), clientIp, down);
    address(common.getUpstreamRemoteAddressBuilder(), serverIp, 9_080);
    if (client) {
      address(common.getUpstreamLocalAddressBuilder(), clientIp, MARKED_PORT);
    } else {
      address(common.getDownstreamLocalAddressBuilder(), serverIp, 9_080);
      address(common.getUpstreamLocalAddressBuilder(), "127.0.0.6", 1_024 + number);
    }
    return entry.build();
  }

  private static void address(Address.Builder address, String ip, int port) {
    address.getSocketAddressBuilder().setAddress(ip).setPortValue(port);
  }

  private static String idStart(int pod) {
    return "%08x-0000-4000-8000-".formatted(pod);
  }

  private int[] offsets(byte[] mark, int expected) {
    int[] found = new int[expected];
    int count = 0;
    for (int at = 0; at + mark.length <= message.length; at++) {
      if (Arrays.equals(message, at, at + mark.length, mark, 0, mark.length)) {
        if (count == expected) {
          throw new IllegalStateException("a mark stands in the recording");
        }
        found[count++] = at;
      }
    }
    if (count != expected) {
      throw new IllegalStateException("%d of %d marks found".formatted(count, expected));
    }
    return found;
  }

  private static byte[] encoded(long seconds, int nanos) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeInt64(1, seconds);
      out.writeInt32(2, nanos);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no I/O in an array
    }
    return bytes.toByteArray();
  }

  private static byte[] encodedPort() {
    return new byte[] {
      3 << 3, (byte) (MARKED_PORT | 0x80), (byte) (MARKED_PORT >>> 7 | 0x80), MARKED_PORT >>> 14
    };
  }

  /** In five bytes, whatever its size. */
  private void varint(int at, long value) {
    for (int i = 0; i < 5; i++) {
      message[at + i] = (byte) (value >>> 7 * i & 0x7F | (i < 4 ? 0x80 : 0));
    }
  }

  private void digits(int idAt, long value) {
    int end = idAt + idStart(0).length() + ID_DIGITS;
    long left = value;
    for (int at = end - 1; at >= end - ID_DIGITS; at--) {
      message[at] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }
}
