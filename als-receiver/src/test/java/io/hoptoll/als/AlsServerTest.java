package io.hoptoll.als;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.config.core.v3.Extension;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.grpc.Status;
import io.hoptoll.als.RecordedEntries.Recorded;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sender may rely on, over real gRPC. */
class AlsServerTest {
  private static final int LIMIT = 1 << 20;

  @TempDir Path dir;

  private final SpanCollector spans = new SpanCollector();
  private final List<Recorded> request = RecordedEntries.load("http-mtls").subList(0, 1);
  private final List<Recorded> connection = RecordedEntries.load("tcp-intermediate").subList(0, 3);
  private Path socket;
  private AlsServer server;
  private AlsClient client;

  @BeforeEach
  void start() throws IOException {
    socket = dir.resolve("als.sock");
    server =
        AlsServer.start(
            new AlsConfig(List.of("127.0.0.1:0", "unix:" + socket), LIMIT, null), spans);
    client = AlsClient.tcp(server.ports().get(0));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void nothingIsAnsweredWhileTheStreamIsOpenAndOkAfterHalfClose() throws Exception {
    AlsClient.Stream stream = client.open().send(AlsClient.identified(request));
    for (int i = 0; i < 22; i++) {
      stream.send(AlsClient.entries(request));
    }
    spans.await(23);
    assertFalse(stream.isAnswered());
    assertEquals(1, server.stats().streamsOpen());
    assertEquals(Status.Code.OK, stream.halfClose().status().getCode());
    AlsStats stats = server.stats();
    assertEquals(23, stats.messages());
    assertEquals(23L, stats.entries().get(Kind.END));
    assertEquals(0, stats.duplicates());
    assertEquals(List.of(request.get(0).node()), List.copyOf(stats.lastEntryMillis().keySet()));
  }

  @Test
  void everythingSentBeforeHalfCloseIsHandedOnBeforeTheAnswer() throws Exception {
    List<Recorded> thousand = Collections.nCopies(1_000, request.get(0));
    AlsClient.Stream stream =
        client.open().send(AlsClient.identified(thousand)).send(AlsClient.entries(connection));
    assertEquals(Status.Code.OK, stream.halfClose().status().getCode());
    assertEquals(1_003, spans.soFar().size());
    assertEquals(3, server.stats().tcpEntries());
  }

  @Test
  void theEndOfAStreamIsToldOnce() throws Exception {
    AlsClient.Stream done = client.open().send(AlsClient.identified(request));
    AlsClient.Stream cut = client.open().send(AlsClient.identified(request));
    spans.await(2);
    done.halfClose().status();
    cut.cancel();
    assertEquals(2, Set.copyOf(spans.awaitEnded(2)).size());
    assertEquals(2, spans.awaitEnded(0).size());
  }

  @Test
  void identifierOfEightyKilobytesIsNotTooBig() throws Exception {
    Node.Builder node = Node.newBuilder().setId("sidecar~10.0.0.1~a-1.ns~ns.svc.cluster.local");
    for (int i = 0; i < 520; i++) {
      node.addExtensions(
          Extension.newBuilder().setName("envoy.filters." + i).setCategory("x".repeat(140)));
    }
    StreamAccessLogsMessage first =
        AlsClient.entries(request).toBuilder()
            .setIdentifier(
                StreamAccessLogsMessage.Identifier.newBuilder().setNode(node).setLogName("hoptoll"))
            .build();
    assertTrue(first.getSerializedSize() > 80_000, "" + first.getSerializedSize());
    client.open().send(first);
    SidecarSpan span = spans.await(1).get(0);
    assertEquals("a-1", span.proxy().pod());
    assertEquals("hoptoll", span.logName());
  }

  @Test
  void streamWithoutIdentifierIsRefusedWithWords() throws Exception {
    Status status = client.open().send(AlsClient.entries(request)).status();
    assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
    assertTrue(words(status).contains("identifier.node"), words(status));
    assertEquals(1L, server.stats().malformed().get(Malformed.STREAM_WITHOUT_IDENTIFIER));
    assertEquals(List.of(), spans.soFar());
  }

  @Test
  void identifierAloneIsFine() throws Exception {
    StreamAccessLogsMessage alone =
        StreamAccessLogsMessage.newBuilder()
            .setIdentifier(AlsClient.identifier("plain", "log"))
            .build();
    client.open().send(alone).send(AlsClient.entries(request));
    assertEquals("plain", spans.await(1).get(0).proxy().pod());
  }

  @Test
  void malformedMessageEndsItsStreamOnly() throws Exception {
    AlsClient.Stream good = client.open().send(AlsClient.identified(request));
    AlsClient.Stream bad = client.open().send(AlsClient.identified(request));
    spans.await(2);
    Status status = bad.send("no protobuf".getBytes(StandardCharsets.UTF_8)).status();
    assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
    assertTrue(words(status).contains("message 2 of this stream (11 bytes)"), words(status));
    good.send(AlsClient.entries(request));
    spans.await(3);
    assertEquals(Status.Code.OK, good.halfClose().status().getCode());
    assertEquals(1L, server.stats().malformed().get(Malformed.STREAM_UNDECODABLE));
    assertEquals(3, server.stats().messages(), "what was accepted before stays");
  }

  @Test
  void messageAboveTheLimitEndsItsStreamOnly() throws Exception {
    AlsClient.Stream good = client.open().send(AlsClient.identified(request));
    spans.await(1);
    AlsClient.Stream bad = client.open().send(new byte[LIMIT + 1]);
    Status status = bad.status();
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, status.getCode(), status.toString());
    good.send(AlsClient.entries(request));
    spans.await(2);
    assertEquals(1L, server.stats().malformed().get(Malformed.STREAM_MESSAGE_TOO_LARGE));
  }

  @Test
  void backlogAsOneMessageOfManyMegabytes() throws Exception {
    try (AlsServer wide = AlsServer.start(AlsConfig.listeningOn(List.of("127.0.0.1:0")), spans);
        AlsClient sender = AlsClient.tcp(wide.ports().get(0))) {
      StreamAccessLogsMessage.Builder backlog =
          StreamAccessLogsMessage.newBuilder().setIdentifier(AlsClient.identifier("plain", "tcp"));
      var entry = AlsClient.entries(connection.subList(2, 3)).getTcpLogs().getLogEntry(0);
      int size = entry.getSerializedSize() + 4;
      int count = 32_000_000 / size;
      for (int i = 0; i < count; i++) {
        backlog.getTcpLogsBuilder().addLogEntry(entry);
      }
      Status status = sender.open().send(backlog.build()).halfClose().status();
      assertEquals(Status.Code.OK, status.getCode(), status.toString());
      assertEquals(count, wide.stats().entriesTotal());
      assertTrue(wide.stats().messageBytes() > 30_000_000);
    }
  }

  @Test
  void unusableEntryDoesNotTakeItsNeighboursAlong() throws Exception {
    StreamAccessLogsMessage.Builder message = AlsClient.identified(request).toBuilder();
    message.getHttpLogsBuilder().addLogEntryBuilder();
    message
        .getHttpLogsBuilder()
        .addLogEntry(AlsClient.entries(request).getHttpLogs().getLogEntry(0));
    client.open().send(message.build());
    spans.await(2);
    assertEquals(1L, server.stats().malformed().get(Malformed.ENTRY_WITHOUT_START));
  }

  @Test
  void bothProvidersOnGiveOneSpanPerConnection() throws Exception {
    String node = connection.get(0).node();
    client
        .open()
        .send(
            AlsClient.entries(connection).toBuilder()
                .setIdentifier(AlsClient.identifier(node, "tcp_envoy_accesslog"))
                .build());
    spans.await(3);
    StreamAccessLogsMessage.Builder copies =
        StreamAccessLogsMessage.newBuilder().setIdentifier(AlsClient.identifier(node, "hoptoll"));
    AlsClient.entries(connection)
        .getTcpLogs()
        .getLogEntryList()
        .forEach(
            e ->
                copies
                    .getHttpLogsBuilder()
                    .addLogEntryBuilder()
                    .setCommonProperties(e.getCommonProperties()));
    Status status = client.open().send(copies.build()).halfClose().status();
    assertEquals(Status.Code.OK, status.getCode());
    assertEquals(3, spans.soFar().size());
    assertEquals(3, server.stats().duplicates());
  }

  @Test
  void sinkThatThrowsCostsItsSpanOnly() throws Exception {
    List<SidecarSpan> taken = new ArrayList<>();
    try (AlsServer fragile =
            AlsServer.start(
                AlsConfig.listeningOn(List.of("127.0.0.1:0")),
                span -> {
                  if (span.kind() == Kind.PERIODIC) {
                    throw new IllegalStateException("full");
                  }
                  taken.add(span);
                });
        AlsClient sender = AlsClient.tcp(fragile.ports().get(0))) {
      Status status = sender.open().send(AlsClient.identified(connection)).halfClose().status();
      assertEquals(Status.Code.OK, status.getCode());
      assertEquals(List.of(Kind.START, Kind.END), taken.stream().map(SidecarSpan::kind).toList());
      assertEquals(1, fragile.stats().sinkFailures());
    }
  }

  @Test
  void unixSocketIsOpenToTheSidecarsUserAndGoneAfterwards() throws Exception {
    assertEquals(
        PosixFilePermissions.fromString("rw-rw-rw-"), Files.getPosixFilePermissions(socket));
    try (AlsClient local = AlsClient.unix(socket)) {
      local.open().send(AlsClient.identified(request));
      spans.await(1);
    }
    server.close();
    assertFalse(Files.exists(socket));
  }

  @Test
  void socketOfADeadProcessIsReplacedOtherFilesAreNot() throws Exception {
    Path stale = dir.resolve("stale.sock");
    try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(stale));
    }
    AlsServer.start(AlsConfig.listeningOn(List.of("unix:" + stale)), spans).close();
    Path file = Files.writeString(dir.resolve("file"), "precious");
    IOException e =
        assertThrows(
            IOException.class,
            () -> AlsServer.start(AlsConfig.listeningOn(List.of("unix:" + file)), spans));
    assertTrue(String.valueOf(e.getMessage()).contains("is no socket"), e.getMessage());
    assertThrows(
        IOException.class,
        () -> AlsServer.start(AlsConfig.listeningOn(List.of("unix:" + socket)), spans),
        "a process listens there");
  }

  @Test
  void takenPortIsNamedAndNothingStaysOpen() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path other = dir.resolve("other.sock");
      String target = "127.0.0.1:" + taken.getLocalPort();
      IOException e =
          assertThrows(
              IOException.class,
              () ->
                  AlsServer.start(AlsConfig.listeningOn(List.of("unix:" + other, target)), spans));
      assertTrue(String.valueOf(e.getMessage()).contains(target), e.getMessage());
      assertFalse(Files.exists(other));
    }
  }

  @Test
  void closeReadsWhatIsOnItsWayAndSaysUnavailable() throws Exception {
    AlsClient.Stream stream = client.open().send(AlsClient.identified(request));
    spans.await(1);
    for (int i = 0; i < 100; i++) {
      stream.send(AlsClient.entries(request));
    }
    server.close();
    assertEquals(Status.Code.UNAVAILABLE, stream.status().getCode());
    assertEquals(101, spans.soFar().size());
    assertEquals(0, server.stats().streamsOpen());
  }

  @Test
  void senderThatVanishesClosesItsStream() throws Exception {
    AlsClient.Stream stream = client.open().send(AlsClient.identified(request));
    spans.await(1);
    stream.cancel();
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (server.stats().streamsOpen() > 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertEquals(0, server.stats().streamsOpen());
    assertEquals(1, server.stats().streamsTotal());
  }

  private static String words(Status status) {
    return String.valueOf(status.getDescription());
  }
}
