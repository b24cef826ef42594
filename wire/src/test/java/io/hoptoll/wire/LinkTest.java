package io.hoptoll.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HeadsAsked;
import io.hoptoll.model.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real gRPC between the two ends, cut and restarted while records flow. */
class LinkTest {
  private static final long BUFFER = 64 << 20;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final RandomRecords random = new RandomRecords(7, "n1");
  private long told;

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @Test
  void nothingIsLostAndNothingComesTwiceWhenConnectionsAreCut() throws Exception {
    Recording out = new Recording();
    AgentServer server = server(0, out);
    Cutting cutting = closeLater(new Cutting(server.port()));
    AgentClient client = client(cutting.address(), "n1", 1, BUFFER);
    for (int cut = 0; cut < 6; cut++) {
      tell(client, 4_000);
      eventually(() -> sockets(out).size() > told - 3_500); // in the middle of it
      cutting.cut();
    }
    eventually(() -> sockets(out).size() >= told);
    inOrderOnceEach(sockets(out));
    AgentView view = server.agents().get(0);
    assertEquals(0, view.malformed());
    eventually(() -> client.stats().bufferedBytes() == 0);
    assertTrue(client.stats().streams() > 1, "it was cut");
  }

  @Test
  void aServerThatRestartsGetsTheRestAndWhatIsOnTheNode() throws Exception {
    Recording first = new Recording();
    AgentServer server = server(0, first);
    int port = server.port();
    AgentClient client = client("127.0.0.1:" + port, "n1", 1, BUFFER);
    NetworkNamespace ns = new NetworkNamespace("n1", 42, List.of(Endpoint.parse("10.0.0.7", 0)));
    client.sockets().namespace(ns);
    tell(client, 20_000);
    eventually(() -> sockets(first).size() > 1_000);
    server.close();
    tell(client, 5_000); // while there is no server
    Recording second = new Recording();
    server(port, second);
    eventually(() -> sockets(first).size() + sockets(second).size() >= told);
    List<Long> both = new ArrayList<>(sockets(first));
    both.addAll(sockets(second));
    inOrderOnceEach(both);
    assertEquals(ns, second.all().get(0), "what is on the node comes first");
  }

  @Test
  void anAgentReadsHeadsAsLongAsTheServerAsksAndIsThere() throws Exception {
    Recording out = new Recording();
    AgentServer server = server(0, out);
    Cutting cutting = closeLater(new Cutting(server.port()));
    Map<Long, HeadsAsked> mine = Map.of(7L, new HeadsAsked(512, 0), 8L, new HeadsAsked(0, 2_048));
    server.readHeads(Map.of("n1", mine, "n2", Map.of(9L, new HeadsAsked(1, 1))));
    List<Map<Long, HeadsAsked>> told = new CopyOnWriteArrayList<>();
    AgentClient client = unstarted(cutting.address(), "n1", "boot-1", 1, BUFFER);
    client.onHeadsAsked(told::add);
    client.start();
    eventually(() -> told.equals(List.of(mine)));
    cutting.cut();
    eventually(() -> told.equals(List.of(mine, Map.of(), mine)));
    server.readHeads(Map.of("n2", mine));
    eventually(() -> told.equals(List.of(mine, Map.of(), mine, Map.of())));
    server.readHeads(Map.of("n1", mine));
    eventually(() -> told.size() == 5);
    server.close();
    eventually(() -> told.equals(List.of(mine, Map.of(), mine, Map.of(), mine, Map.of())));
  }

  @Test
  void aFullBufferGivesUpTheOldestAndTheServerLearnsHowMany() throws Exception {
    Recording out = new Recording();
    AgentServer server = server(0, out);
    Cutting cutting = closeLater(new Cutting(server.port()));
    cutting.refuse(true);
    AgentClient client = client(cutting.address(), "n1", 1, 64 << 10);
    for (int i = 0; i < 30; i++) {
      tell(client, 1_000);
      eventually(() -> client.stats().bufferedBytes() > 0);
      Thread.sleep(20);
    }
    eventually(() -> shed(client) > 0);
    assertTrue(client.stats().bufferedBytes() <= 64 << 10);
    cutting.refuse(false);
    eventually(() -> sockets(out).size() + lost(out) >= told);
    assertEquals(told, sockets(out).size() + lost(out), "to the record");
    assertEquals(shed(client), lost(out));
    eventually(() -> server.agents().get(0).shed().getOrDefault("buffer", 0L) > 0);
  }

  @Test
  void aServerWithoutRoomHoldsItsAgentsBack() throws Exception {
    Recording out = new Recording();
    AtomicBoolean room = new AtomicBoolean(true);
    AgentServer server =
        closeLater(
            AgentServer.start(
                new InetSocketAddress("127.0.0.1", 0), "", new Outlet(out, out, out, room::get)));
    AgentClient client = client("127.0.0.1:" + server.port(), "n1", 1, BUFFER);
    eventually(() -> client.stats().connected());
    room.set(false);
    tell(client, 30_000); // fewer than FILLED_BATCHES hold, however late they are packed
    eventually(() -> client.stats().bufferedBytes() > 0);
    assertTrue(sockets(out).size() < told);
    room.set(true);
    eventually(() -> sockets(out).size() >= told);
    inOrderOnceEach(sockets(out));
  }

  @Test
  void oneAgentANode() throws Exception {
    Recording out = new Recording();
    AgentServer server = server(0, out);
    String address = "127.0.0.1:" + server.port();
    AgentClient first = client(address, "n1", 1, BUFFER);
    eventually(() -> first.stats().connected());
    AgentClient second = client(address, "n1", 2, BUFFER);
    eventually(() -> server.refusals() > 0 && second.stats().problem().contains("agent already"));
    assertFalse(second.stats().connected());
    AgentClient other = client(address, "n2", 3, BUFFER);
    eventually(() -> other.stats().connected());
    first.close();
    eventually(() -> second.stats().connected());
    assertEquals(2, server.agents().size());
  }

  @Test
  void whatANodeHadBeforeItsRebootIsGone() throws Exception {
    Recording out = new Recording();
    AgentServer server = server(0, out);
    String address = "127.0.0.1:" + server.port();
    NetworkNamespace ns = new NetworkNamespace("n1", 42, List.of(Endpoint.parse("10.0.0.7", 0)));
    AgentClient before = client(address, "n1", 1, BUFFER);
    before.sockets().namespace(ns);
    told = 5; // 0 is no socket
    tell(before, 1);
    eventually(() -> sockets(out).size() == 1);
    before.close();
    AgentClient after = client(address, "n1", "boot-2", 2, BUFFER);
    eventually(() -> after.stats().connected());
    told = 5;
    tell(after, 1);
    eventually(() -> sockets(out).size() == 2);
    assertTrue(out.all().contains(new NetworkNamespace("n1", 42, List.of())), "its end was told");
    assertEquals(1L << 48, sockets(out).get(1) - sockets(out).get(0), "another socket");
  }

  @Test
  void theServersListSaysHowEachAgentFares() throws Exception {
    AgentServer server = server(0, new Recording());
    AgentClient client = client("127.0.0.1:" + server.port(), "n1", 0xABCD, BUFFER);
    tell(client, 10);
    eventually(
        () ->
            server.agents().stream()
                .anyMatch(a -> a.records() == 10 && a.clockBoundNanos() > 0 && a.connected()));
    AgentView view = server.agents().get(0);
    assertEquals("boot-1", view.bootId());
    assertEquals("abcd", view.epoch());
    assertTrue(
        Math.abs(view.clockOffsetNanos()) <= view.clockBoundNanos(), "one machine has one clock");
  }

  private void tell(AgentClient client, int records) throws ReflectiveOperationException {
    Exchange e = random.of(Exchange.class);
    for (int i = 0; i < records; i++) {
      client.sockets().exchange(withSocket(e, told++));
    }
  }

  private static Exchange withSocket(Exchange e, long socket) {
    return new Exchange(
        e.node(),
        e.netns(),
        socket,
        e.turn(),
        e.emitNanos(),
        e.tuple(),
        e.role(),
        e.flags(),
        e.owner(),
        e.opening(),
        e.marks(),
        e.volume(),
        e.tcp());
  }

  private void inOrderOnceEach(List<Long> sockets) {
    for (int i = 0; i < sockets.size(); i++) {
      assertEquals(i, sockets.get(i), "each once, in order");
    }
    assertEquals(told, sockets.size());
  }

  private static List<Long> sockets(Recording out) {
    return out.all().stream()
        .filter(Exchange.class::isInstance)
        .map(r -> ((Exchange) r).socketId())
        .toList();
  }

  private static long lost(Recording out) {
    return out.all().stream()
        .filter(Recording.Lost.class::isInstance)
        .mapToLong(r -> ((Recording.Lost) r).records())
        .sum();
  }

  private static long shed(AgentClient client) {
    return client.stats().shed().values().stream().mapToLong(n -> n).sum();
  }

  private AgentServer server(int port, Recording out) throws IOException {
    return closeLater(
        AgentServer.start(
            new InetSocketAddress("127.0.0.1", port), "", new Outlet(out, out, out, () -> true)));
  }

  private AgentClient client(String server, String node, long epoch, long buffer) {
    return client(server, node, "boot-1", epoch, buffer);
  }

  private AgentClient client(String server, String node, String bootId, long epoch, long buffer) {
    AgentClient client = unstarted(server, node, bootId, epoch, buffer);
    client.start();
    return client;
  }

  private AgentClient unstarted(
      String server, String node, String bootId, long epoch, long buffer) {
    return closeLater(
        new AgentClient(
            new AgentClientConfig(server, node, bootId, epoch, buffer, "test"),
            () -> AgentHealth.NONE));
  }

  private <T extends AutoCloseable> T closeLater(T part) {
    open.add(part);
    return part;
  }

  /** Long enough for the back-off of a machine under load; a failure, not a measurement. */
  private static void eventually(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "not within 30 s");
      Thread.sleep(5);
    }
  }
}
