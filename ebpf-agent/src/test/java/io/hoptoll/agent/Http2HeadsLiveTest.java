package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.Status;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HttpMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads of HTTP/2 and gRPC on the apps' own sockets, of real clients and servers, at both ends. */
@Tag("bpf")
class Http2HeadsLiveTest {
  /**
   * Node serves; curl asks once a connection, node 60 times at once on one, with bodies of up to
   * 100 kB both ways and a field of 900 bytes that changes.
   */
  private static final String NODE =
      """
      const http2 = require('http2'), { execFileSync, execFile } = require('child_process')
      const server = http2.createServer()
      server.on('stream', (s, h) => {
        let bytes = 0
        s.on('data', d => { bytes += d.length })
        s.on('end', () => {
          s.respond({ ':status': h[':path'].startsWith('/no') ? 404 : 200, 'x-pad': h['x-pad'] || '' })
          s.end(Buffer.alloc(bytes || 5))
        })
      })
      server.listen(0, '127.0.0.1', () => {
        const origin = 'http://127.0.0.1:' + server.address().port
        execFile('curl', ['-sS', '--http2-prior-knowledge', '-H', 'x-request-id: of-curl', '-H',
          'cookie: hunter2', origin + '/no-curl?card=hunter2'], e => {
          if (e) throw e
          const client = http2.connect(origin)
          let left = 60
          for (let i = 0; i < 60; i++) {
            const method = i % 2 ? 'POST' : 'GET'
            const r = client.request({ ':method': method, ':path': (i % 3 ? '/yes/' : '/no/') + i,
              'x-request-id': 'id-' + i, 'x-pad': String(i).repeat(i % 5 ? 1 : 450) },
              { endStream: method === 'GET' })
            r.on('data', () => {})
            r.on('end', () => { if (!--left) { client.close(); server.close() } })
            if (method === 'POST') r.end(Buffer.alloc(i * 1700))
          }
        })
      })
      """;

  private final Recorder recorder = new Recorder();

  @BeforeEach
  void needsLibbpf() {
    Readiness ready = SocketAgent.check(TestHooks.WANTED);
    assumeTrue(ready.ready(), () -> String.join("; ", ready.missing()));
  }

  @ParameterizedTest
  @EnumSource
  void grpcIsReadAtBothEndsByEachSet(Hooks hooks) throws Exception {
    AgentConfig config = TestHooks.config().with(Payload.HEADS).with(hooks);
    try (SocketAgent agent = SocketAgent.start(config, recorder);
        GrpcCalls calls = new GrpcCalls()) {
      assertEquals(Status.Code.OK, calls.call("Get", "r1", new byte[70_000]));
      assertEquals(Status.Code.NOT_FOUND, calls.call("Miss", "r2", new byte[3]));
      assertEquals(Status.Code.UNIMPLEMENTED, calls.call("None", "r3", new byte[3]));
      assertEquals(Status.Code.OK, calls.call("Get", "r4", new byte[3]));
      for (Role role : List.of(Role.CONNECT, Role.ACCEPT)) {
        recorder.awaitMessages(4, m -> isAt(m, role, calls.port()) && m.concludes());
        assertEquals(
            List.of(
                "POST /shop.Cart/Get r1 200",
                "POST /shop.Cart/Miss r2 5",
                "POST /shop.Cart/None r3 12",
                "POST /shop.Cart/Get r4 200"),
            List.copyOf(answered(role, calls.port()).values()),
            role::toString);
      }
      assertFalse(recorder.messages.toString().contains("hunter2"));
      assertEquals(Map.of(), NetworkHeads.troubles(agent));
    } catch (AgentException refused) {
      TestHooks.refusedWithWords(hooks, refused);
    }
  }

  @Test
  void aCallIsToldWhileItHangs() throws Exception {
    AgentConfig config = TestHooks.config().with(Payload.HEADS);
    try (SocketAgent agent = SocketAgent.start(config, recorder);
        GrpcCalls calls = new GrpcCalls()) {
      calls.call("Get", "first", new byte[3]);
      var hanging = calls.later("Hang", "hangs");
      HttpMessage asked =
          recorder
              .awaitMessages(
                  1,
                  m -> isAt(m, Role.ACCEPT, calls.port()) && m.head().requestId().equals("hangs"))
              .get(0);
      assertEquals("/shop.Cart/Hang", asked.head().path());
      assertEquals(ProcessHandle.current().pid(), asked.owner().tgid());
      assertEquals("localhost:" + calls.port(), asked.head().host());
      assertFalse(hanging.isDone());
      assertEquals(0, agent.stats().ringLost());
    }
  }

  @Test
  void aConnectionOlderThanTheAgentIsLeftAloneAndCounted() throws Exception {
    try (GrpcCalls calls = new GrpcCalls()) {
      calls.call("Get", "before", new byte[3]);
      AgentConfig config = TestHooks.config().with(Payload.HEADS);
      try (SocketAgent agent = SocketAgent.start(config, recorder)) {
        calls.call("Get", "after", new byte[3]);
        awaitFailure(agent, "http2_midway");
        assertEquals(
            List.of(),
            recorder.messages.stream().filter(m -> isAt(m, m.role(), calls.port())).toList());
      }
    }
  }

  @Test
  void curlAndNodeInANamespace() throws Exception {
    try (NetworkHeads network = new NetworkHeads(recorder)) {
      network.run("node", "-e", NODE);
      for (Role role : List.of(Role.CONNECT, Role.ACCEPT)) {
        recorder.awaitMessages(61, m -> m.role() == role && m.concludes());
        List<String> expected = new ArrayList<>(List.of("GET /no-curl of-curl 404"));
        for (int i = 0; i < 60; i++) {
          expected.add(
              (i % 2 == 0 ? "GET " : "POST ")
                  + (i % 3 == 0
                      ? "/no/" + i + " id-" + i + " 404"
                      : "/yes/" + i + " id-" + i + " 200"));
        }
        assertEquals(
            expected.stream().sorted().toList(),
            answered(role, 0).values().stream().sorted().toList());
      }
      assertFalse(recorder.messages.toString().contains("hunter2"));
      network.noTroubles();
    }
  }

  /** A recorded client's bytes, written and read in pieces that know nothing of frames. */
  @ParameterizedTest
  @ValueSource(ints = {7, 33, 4_096})
  void framesMayBeCutAnywhereAndLieInSeveralPieces(int size) throws Exception {
    ByteBuffer all = ByteBuffer.wrap(recordedClient());
    try (ServerSocketChannel server = ServerSocketChannel.open();
        SocketAgent agent = SocketAgent.start(TestHooks.config().with(Payload.HEADS), recorder)) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = server.socket().getLocalPort();
      try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
          SocketChannel accepted = server.accept()) {
        while (all.hasRemaining()) {
          long written = client.write(pieces(all, size));
          for (long read = 0; read < written; ) {
            read += accepted.read(new ByteBuffer[] {room(size), room(1), room(size), room(size)});
          }
        }
      }
      for (Role role : List.of(Role.CONNECT, Role.ACCEPT)) {
        List<HttpMessage> asked = recorder.awaitMessages(3, m -> isAt(m, role, port));
        assertEquals(
            List.of("/yes", "/no", "/yes/again"),
            asked.stream().map(m -> m.head().path()).toList());
      }
      assertEquals(Map.of(), NetworkHeads.troubles(agent));
    }
  }

  private static byte[] recordedClient() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InputStream in = Http2HeadsLiveTest.class.getResourceAsStream("/http2/node.txt")) {
      String text =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
      for (String line : text.split("\n")) {
        if (line.startsWith("C ")) {
          bytes.write(HexFormat.of().parseHex(line.substring(2)));
        }
      }
    }
    return bytes.toByteArray();
  }

  /** Up to three, the next bytes of `all`. */
  private static ByteBuffer[] pieces(ByteBuffer all, int size) {
    List<ByteBuffer> pieces = new ArrayList<>();
    while (all.hasRemaining() && pieces.size() < 3) {
      byte[] piece = new byte[Math.min(size, all.remaining())];
      all.get(piece);
      pieces.add(ByteBuffer.wrap(piece));
    }
    return pieces.toArray(ByteBuffer[]::new);
  }

  private static ByteBuffer room(int size) {
    return ByteBuffer.allocate(size);
  }

  private static void awaitFailure(SocketAgent agent, String name) throws InterruptedException {
    for (int i = 0; i < 100 && agent.stats().failures().getOrDefault(name, 0L) == 0; i++) {
      Thread.sleep(50);
    }
    assertTrue(agent.stats().failures().getOrDefault(name, 0L) > 0, agent.stats()::toString);
  }

  private static boolean isAt(HttpMessage m, Role role, int port) {
    int served = (role == Role.CONNECT ? m.tuple().remote() : m.tuple().local()).port();
    return m.role() == role && (port == 0 || served == port);
  }

  /** Method, path, id and status of each, by socket and stream. */
  private Map<String, String> answered(Role role, int port) {
    Map<String, String> asked = new HashMap<>();
    Map<String, String> answered = new TreeMap<>();
    for (HttpMessage m : recorder.messages) {
      String key = String.format("%d %9d", m.socketId(), m.stream());
      if (!isAt(m, role, port)) {
        continue;
      }
      if (m.head().isRequest()) {
        asked.put(key, NetworkHeads.asked(m));
      } else if (m.concludes() && m.head().status() != 0) {
        answered.put(key, asked.get(key) + " " + m.head().status());
      }
    }
    return answered;
  }
}
