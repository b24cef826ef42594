package io.hoptoll.als;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.hoptoll.als.RecordedEntries.Recorded;
import io.hoptoll.model.LogStream;
import io.hoptoll.model.SidecarSpan;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One entry of a message as Envoy flushes it (24 entries, about 16 KB), decoded. Entries are those
 * of real Envoys' request chains, without the recording's custom tags (stock Istio has none), each
 * with an id and times of its own, each connection used for eight requests.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecodeBenchmark {
  static final int ENTRIES = 24;
  private static final int MESSAGES = 256;
  private static final int REQUESTS_PER_CONNECTION = 8;
  private static final LogStream SENDER =
      new LogStream(
          ProxyIdentity.decode(
              Node.newBuilder().setId("sidecar~10.77.0.11~a-1.ns~ns.svc.cluster.local").build(),
              "unix"),
          "log");

  private final byte[][] messages = new byte[MESSAGES][];
  private final MessageDecoder decoder = new MessageDecoder();
  private int next;

  @Setup
  public void prepare() {
    Random random = new Random(23);
    List<HTTPAccessLogEntry> recorded = new ArrayList<>();
    for (String name : List.of("http-mtls", "http-chain")) {
      for (Recorded entry : RecordedEntries.loadWhole(name)) {
        if (entry.http() != null) {
          recorded.add(entry.http());
        }
      }
    }
    for (int m = 0; m < MESSAGES; m++) {
      StreamAccessLogsMessage.Builder message = StreamAccessLogsMessage.newBuilder();
      for (int e = 0; e < ENTRIES; e++) {
        int number = m * ENTRIES + e;
        message
            .getHttpLogsBuilder()
            .addLogEntry(renewed(recorded.get(number % recorded.size()), number, random));
      }
      messages[m] = message.build().toByteArray();
    }
  }

  /** Protobuf's classes, thrown away once parsed: what any receiver built on them pays at least. */
  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public StreamAccessLogsMessage generatedClasses() throws InvalidProtocolBufferException {
    return StreamAccessLogsMessage.parseFrom(message());
  }

  /** Protobuf's classes, then spans out of them: Hoptoll's decoder until 2026-11-23. */
  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public void generatedClassesToSpans(Blackhole hole) throws InvalidProtocolBufferException {
    ReferenceDecoder reference =
        new ReferenceDecoder(SENDER.proxy(), SENDER.logName(), hole::consume);
    StreamAccessLogsMessage message = StreamAccessLogsMessage.parseFrom(message());
    for (HTTPAccessLogEntry entry : message.getHttpLogs().getLogEntryList()) {
      hole.consume(reference.decode(entry));
    }
  }

  /** Hoptoll's decoder: the copy into its array, and spans. */
  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public void hoptollToSpans(Blackhole hole) throws IOException, WireException {
    decoder.open(new ByteArrayInputStream(message()));
    decoder.decode(
        SENDER,
        new MessageDecoder.Output() {
          @Override
          public void span(SidecarSpan span, boolean httpLog) {
            hole.consume(span);
          }

          @Override
          public void refused(Malformed reason) {
            hole.consume(reason);
          }
        });
    decoder.close();
  }

  private byte[] message() {
    next = (next + 1) % MESSAGES;
    return messages[next];
  }

  private static HTTPAccessLogEntry renewed(HTTPAccessLogEntry entry, int number, Random random) {
    HTTPAccessLogEntry.Builder renewed = entry.toBuilder();
    String id = new UUID(random.nextLong(), random.nextLong()).toString();
    AccessLogCommon.Builder common = renewed.getCommonPropertiesBuilder();
    int port = 20_000 + number / REQUESTS_PER_CONNECTION % 40_000;
    common.clearCustomTags().setStreamId(id);
    port(common.getDownstreamDirectRemoteAddressBuilder(), port);
    port(common.getDownstreamRemoteAddressBuilder(), port);
    port(common.getUpstreamLocalAddressBuilder(), port + 1);
    common.getStartTimeBuilder().setNanos(random.nextInt(1_000_000) * 1_000);
    common.getDurationBuilder().setNanos(random.nextInt(500_000_000));
    renewed.getRequestBuilder().setRequestId(id);
    return renewed.build();
  }

  private static void port(Address.Builder address, int port) {
    address.getSocketAddressBuilder().setPortValue(port);
  }
}
