package io.hoptoll.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHopReport;
import io.hoptoll.model.Pod;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.wire.v1.Rows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the records hold, the server's sinks get them as the agent's were given them. */
class RowsTest {
  private static final long NOW = 86_400_000_000_000L;
  private static final long OFFSET = 1_790_000_000_000_000_000L;

  @Test
  void everyTypeOfRecordComesBackEqualAndInOrder() throws Exception {
    for (int seed = 0; seed < 200; seed++) {
      RandomRecords random = new RandomRecords(seed, "worker-1");
      List<Object> told = new ArrayList<>();
      for (var type : RandomRecords.TYPES) {
        told.add(random.of(type));
      }
      for (int i = 0; i < 50; i++) {
        told.add(random.next());
      }
      assertEquals(told, heard(rows(told)), "seed " + seed);
    }
  }

  @Test
  void anUnknownKindIsSkippedAndCounted() throws Exception {
    Object record = new RandomRecords(1, "n").of(Exchange.class);
    Rows known = rows(List.of(record));
    Rows rows =
        known.toBuilder()
            .clearNumbers()
            .addNumbers(31 + 2 * RowOut.KINDS)
            .addNumbers(7)
            .addNumbers(8)
            .addAllNumbers(known.getNumbersList())
            .build();
    Recording out = new Recording();
    Reader.Read read = Reader.read("n", SocketIds.FIRST_BOOT, rows, out);
    assertEquals(new Reader.Read(2, 1), read);
    assertEquals(List.of(record), out.all());
  }

  @Test
  void columnsOfANewerAgentAreSkippedAndThoseOfAnOlderOneAreZero() throws Exception {
    Exchange e = new RandomRecords(2, "n").of(Exchange.class);
    Rows rows = rows(List.of(e, e));
    int width = rows.getNumbersCount() / 2;
    List<Long> numbers = new ArrayList<>(rows.getNumbersList());
    numbers.add(width, 99L); // first row: one column more
    numbers.set(0, numbers.get(0) + RowOut.KINDS);
    int fewer = 4; // second row: of an agent without httpStatus and windows
    numbers.subList(numbers.size() - fewer, numbers.size()).clear();
    numbers.set(width + 1, numbers.get(width + 1) - (long) fewer * RowOut.KINDS);
    List<Object> heard = heard(rows.toBuilder().clearNumbers().addAllNumbers(numbers).build(), "n");
    assertEquals(e, heard.get(0));
    Exchange older = (Exchange) heard.get(1);
    assertEquals(0, older.httpStatus());
    assertEquals(Exchange.Windows.UNKNOWN, older.tcp().windows());
    assertEquals(e.tcp().segmentsOut(), older.tcp().segmentsOut());
    assertEquals(e.marks(), older.marks());
  }

  /** What a newer version adds to entries does not move what stands behind them. */
  @Test
  void columnsOfANewerEntryInsideAHalfHopAreSkipped() throws Exception {
    HalfHopReport half = new RandomRecords(5, "n").of(HalfHopReport.class);
    Rows rows = rows(List.of(half));
    List<Long> numbers = new ArrayList<>(rows.getNumbersList());
    int entry = numbers.get(1).intValue();
    numbers.add(2 + entry, 99L);
    numbers.set(1, entry + 1L);
    numbers.set(0, numbers.get(0) + RowOut.KINDS);
    List<Object> heard = heard(rows.toBuilder().clearNumbers().addAllNumbers(numbers).build(), "n");
    assertEquals(List.of(half), heard);
  }

  @Test
  void longTextsOfEntriesAreKeptAndTheirBatchCanBeUnpacked() throws Exception {
    RowOut out = new RowOut(NOW, OFFSET);
    Writer writer = new Writer(out);
    SidecarSpan any = new RandomRecords(6, "n").of(SidecarSpan.class);
    int told = 0;
    while (out.hasRoom()) {
      writer.span(withPath(any, "/漢" + "x".repeat(9_000) + told++));
      writer.span(withPath(any, told + "漢".repeat(9_000)));
    }
    Recording heard = new Recording();
    Rows rows = Packed.unpack(Packed.pack(out.build()));
    assertEquals(2 * told, Reader.read("n", SocketIds.FIRST_BOOT, rows, heard).records());
    assertTrue(told > 10, told + " pairs in a batch");
    SidecarSpan first = (SidecarSpan) heard.all().get(0);
    assertEquals(8_192, first.request().path().length());
    assertTrue(first.request().path().startsWith("/漢xxx"));
  }

  private static SidecarSpan withPath(SidecarSpan s, String path) {
    SidecarSpan.Request r = s.request();
    return new SidecarSpan(
        s.proxy(),
        s.logName(),
        s.kind(),
        s.protocol(),
        s.startWallNanos(),
        s.times(),
        s.addresses(),
        new SidecarSpan.Request(
            r.requestId(),
            r.streamId(),
            r.traceparent(),
            r.method(),
            r.authority(),
            path,
            r.routeName(),
            r.upstreamCluster(),
            r.peerSan(),
            r.attempt(),
            r.grpcStatus()),
        s.outcome(),
        s.bytes());
  }

  @Test
  void aPodOfAnySizeFitsIntoARow() throws Exception {
    List<Pod.Container> containers =
        Collections.nCopies(2_000, new Pod.Container("id", "istio-proxy", true));
    List<String> addresses = Collections.nCopies(2_000, "10.0.0.1");
    Pod pod = new Pod("default", "many", "uid", "many", addresses, false, containers, false);
    Pod heard = (Pod) heard(rows(List.of(pod))).get(0);
    assertEquals("many", heard.name());
    assertTrue(heard.addresses().size() > 100 && heard.containers().size() > 100);
  }

  @Test
  void socketsOfAnotherBootAreOthers() throws Exception {
    Exchange e = new RandomRecords(3, "n").of(Exchange.class);
    Recording out = new Recording();
    Reader.read("n", new SocketIds(1), rows(List.of(e)), out);
    assertEquals(e.socketId() + (1L << 48), ((Exchange) out.all().get(0)).socketId());
    assertEquals(0, new SocketIds(1).of(0), "no socket stays no socket");
  }

  @Test
  void bytesThatAreNoBatchAreRefusedWithWords() throws Exception {
    assertThrows(WireException.class, () -> Packed.unpack(ByteString.copyFromUtf8("GET /")));
    Rows bomb = Rows.newBuilder().addAllTexts(Collections.nCopies(20_000, "x".repeat(512))).build();
    WireException tooMuch =
        assertThrows(WireException.class, () -> Packed.unpack(Packed.pack(bomb)));
    assertTrue(tooMuch.toString().contains("more than 8388608 bytes"), tooMuch::toString);
  }

  /** Any change of any number is read without harm, or refused. */
  @Test
  void damagedRowsNeverDoMoreThanThrowWireException() throws Exception {
    Random random = new Random(4);
    RandomRecords records = new RandomRecords(4, "n");
    for (int i = 0; i < 2_000; i++) {
      Rows.Builder rows = rows(List.of(records.next(), records.next())).toBuilder();
      rows.setNumbers(
          random.nextInt(rows.getNumbersCount()), random.nextLong() >> random.nextInt(64));
      try {
        heard(rows.build(), "n");
      } catch (WireException e) {
        assertFalse(String.valueOf(e.getMessage()).isEmpty());
      }
    }
  }

  private static Rows rows(List<Object> records) {
    RowOut out = new RowOut(NOW, OFFSET);
    Writer writer = new Writer(out);
    for (Object r : records) {
      assertTrue(out.hasRoom());
      Recording.give(r, writer);
    }
    long losses = records.stream().filter(Recording.Lost.class::isInstance).count();
    assertEquals(records.size() - losses, out.records());
    return out.build();
  }

  private static List<Object> heard(Rows rows) throws WireException {
    return heard(rows, "worker-1");
  }

  private static List<Object> heard(Rows rows, String node) throws WireException {
    Recording out = new Recording();
    Reader.read(node, SocketIds.FIRST_BOOT, Packed.unpack(Packed.pack(rows)), out);
    return out.all();
  }
}
