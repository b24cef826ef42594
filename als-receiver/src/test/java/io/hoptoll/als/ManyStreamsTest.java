package io.hoptoll.als;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.config.core.v3.Extension;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A mesh's worth of streams, each opening with the 80 KB that an Istio sidecar says of itself, and
 * all of them again after a restart.
 */
class ManyStreamsTest {
  private static final int CONNECTIONS = 20;
  private static final int STREAMS_EACH = 100;
  private static final int STREAMS = CONNECTIONS * STREAMS_EACH;

  private final StreamAccessLogsMessage request =
      AlsClient.entries(RecordedEntries.load("http-mtls").subList(0, 1));
  private final Node bulk = bulk();
  private final List<AlsClient> clients = new ArrayList<>();
  private final List<AlsClient.Stream> streams = new ArrayList<>();

  @AfterEach
  void stop() {
    clients.forEach(AlsClient::close);
  }

  @Test
  void twoThousandStreamsAreReadAndComeBackAfterARestart() throws Exception {
    SpanCollector spans = new SpanCollector();
    int port;
    try (AlsServer server = AlsServer.start(AlsConfig.listeningOn(List.of("127.0.0.1:0")), spans)) {
      port = server.ports().get(0);
      openAll(port, spans, 0);
      assertEquals(STREAMS, server.stats().streamsOpen());
      streams.forEach(s -> s.send(request));
      Set<String> senders = new HashSet<>();
      spans.await(2 * STREAMS).forEach(s -> senders.add(s.proxy().nodeId()));
      assertEquals(STREAMS, senders.size());
      assertEquals(0, server.stats().readingBytes());
      assertTrue(server.stats().messageBytes() > STREAMS * 80_000L);
    }
    for (AlsClient.Stream stream : streams) {
      assertEquals(Status.Code.UNAVAILABLE, stream.status().getCode());
    }
    streams.clear();
    try (AlsServer again =
        AlsServer.start(AlsConfig.listeningOn(List.of("127.0.0.1:" + port)), spans)) {
      openAll(port, spans, 2 * STREAMS);
      assertEquals(STREAMS, again.stats().streamsOpen());
      assertEquals(0, again.stats().duplicates());
    }
  }

  /** A connection's streams at a time, so that the test holds 8 MB of messages, not 160. */
  private void openAll(int port, SpanCollector spans, int before) throws Exception {
    for (int c = 0; c < CONNECTIONS; c++) {
      AlsClient client = AlsClient.tcp(port);
      clients.add(client);
      for (int s = 0; s < STREAMS_EACH; s++) {
        streams.add(client.open().send(first(c * STREAMS_EACH + s)));
      }
      spans.await(before + streams.size());
    }
  }

  private StreamAccessLogsMessage first(int number) {
    String id = "sidecar~10.1.%d.%d~pod-%d.ns~ns.svc".formatted(number / 200, number % 200, number);
    return request.toBuilder()
        .setIdentifier(
            StreamAccessLogsMessage.Identifier.newBuilder()
                .setNode(bulk.toBuilder().setId(id))
                .setLogName("hoptoll"))
        .build();
  }

  private static Node bulk() {
    Node.Builder node = Node.newBuilder();
    for (int i = 0; i < 520; i++) {
      node.addExtensions(
          Extension.newBuilder().setName("envoy.filters." + i).setCategory("x".repeat(140)));
    }
    return node.build();
  }
}
