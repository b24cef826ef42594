package io.hoptoll.agent.l7;

import static io.hoptoll.agent.l7.Http2Heads.NO_MORE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.agent.l7.Http2Heads.StreamHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames and their heads, of a real connection, of gRPC, cut anywhere, and of any bytes. */
class Http2HeadsTest {
  private static final int INPUTS = 100_000;
  private static final String MALFORMED = "http2_heads_malformed";
  private static final String MISSING = "http2_heads_missing";
  private static final String GRPC = "88" + "5f10" + hex("application/grpc");
  private static final String REQUEST = "83" + "86" + "0405" + hex("/s.A/") + "4101" + hex("h");

  private final Http2Heads heads = new Http2Heads();
  private final int[] told = new int[2];
  private final List<StreamHead> read = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 9, 10, 64, 4_096})
  void aRecordedConnectionInPiecesOfAnySize(int size) throws IOException {
    for (Http2Recording.Part part : Http2Recording.read()) {
      for (int at = 0; at < part.bytes().length; at += size) {
        int end = Math.min(at + size, part.bytes().length);
        tell(part.fromClient(), Arrays.copyOfRange(part.bytes(), at, end));
      }
    }
    assertEquals(
        List.of(
            "1 GET /yes",
            "1 200 true",
            "3 GET /no",
            "3 404 true",
            "5 GET /yes/again",
            "5 200 true"),
        words());
    for (StreamHead h : read) {
      if (h.head().isRequest()) {
        assertEquals("r-1", h.head().requestId());
        assertEquals("127.0.0.1:46072", h.head().host());
        assertTrue(h.head().traceparent().startsWith("00-0af7651916cd43dd"));
      }
    }
    assertFalse(read.toString().contains("hunter2"));
    assertEquals(Map.of(), counted());
  }

  @Test
  void grpcTellsItsStatusInTrailers() {
    tell(true, frame(1, 4, 1, REQUEST));
    tell(false, frame(1, 4, 1, GRPC));
    tell(false, frame(1, 5, 1, "000b" + hex("grpc-status") + "0130"));
    tell(true, frame(1, 4, 3, REQUEST));
    tell(false, frame(1, 4, 3, GRPC));
    tell(false, frame(1, 5, 3, "000b" + hex("grpc-status") + "023134"));
    tell(true, frame(1, 4, 5, REQUEST)); // answered by trailers alone
    tell(false, frame(1, 5, 5, GRPC + "000b" + hex("grpc-status") + "0135"));
    assertEquals(
        List.of(
            "1 POST /s.A/",
            "1 200 false",
            "1 200 true",
            "3 POST /s.A/",
            "3 200 false",
            "3 14 true",
            "5 POST /s.A/",
            "5 5 true"),
        words());
  }

  @Test
  void grpcHasSeventeenStatuses() {
    String status = "000b" + hex("grpc-status");
    List<String> codes = List.of("0", "16", "17", "503", "x", "");
    for (String code : codes) {
      tell(false, frame(1, 5, 1, GRPC + status + String.format("%02x", code.length()) + hex(code)));
    }
    assertEquals(
        List.of("1 200 true", "1 16 true", "1 2 true", "1 2 true", "1 2 true", "1 2 true"),
        words());
  }

  /** Its trailers are in DATA, which nobody looks at. */
  @Test
  void grpcWebEndsWithItsHead() {
    tell(false, frame(1, 4, 1, "88" + "5f1a" + hex("application/grpc-web+proto")));
    tell(false, frame(1, 4, 3, "88" + "5f16" + hex("application/grpc+proto")));
    tell(false, frame(1, 4, 5, "88" + "5f1f" + hex("application/grpc; charset=utf-8")));
    assertEquals(List.of("1 200 true", "3 200 false", "5 200 false"), words());
  }

  @Test
  void aBlockMayHavePaddingPriorityAndContinuations() {
    tell(true, frame(1, 0x28, 7, "02" + "8000000010" + REQUEST.substring(0, 8) + "0000"));
    tell(true, frame(9, 0, 7, REQUEST.substring(8, 10)));
    tell(true, frame(9, 4, 7, REQUEST.substring(10)));
    assertEquals(List.of("7 POST /s.A/"), words());
  }

  @Test
  void pushedAndInformationalHeadsAreRequestsOfNobodyButChangeTheTable() {
    tell(true, frame(1, 5, 1, REQUEST));
    tell(false, frame(5, 4, 1, "00000002" + "82" + "86" + "4403" + hex("/me") + "4101" + hex("x")));
    tell(false, frame(1, 4, 1, "0803" + hex("103")));
    tell(false, frame(1, 4, 2, "88"));
    tell(false, frame(1, 5, 1, "88" + "be" + "bf")); // both entries of the table
    tell(true, frame(3, 0, 1, "00000008"));
    assertEquals(List.of("1 POST /s.A/", "1 200 true", "1 0 true"), words());
    assertEquals(Map.of(), counted());
  }

  @Test
  void afterAGapNothingIsGuessed() throws IOException {
    List<Http2Recording.Part> parts = Http2Recording.read();
    for (Http2Recording.Part part : parts.subList(0, 4)) {
      tell(part.fromClient(), part.bytes());
    }
    told[1]++; // a byte did not get here
    for (Http2Recording.Part part : parts.subList(4, parts.size())) {
      tell(part.fromClient(), part.bytes());
    }
    assertEquals(List.of("1 GET /yes", "1 200 true", "0 0 true"), words());
    assertEquals(Map.of(MISSING, 1L), counted());
  }

  @Test
  void whatBreaksTheRulesEndsTheReading() {
    once(MALFORMED, frame(1, 4, 1, "ff"), "an index that is cut");
    once(MALFORMED, frame(1, 4, 1, "be"), "an entry that was never made");
    once(MALFORMED, frame(1, 4, 1, "3fffffff0f"), "a table of 32 MiB");
    once(MALFORMED, frame(1, 4, 1, "3fe13f"), "a table of 8 KiB");
    once(MALFORMED, frame(1, 12, 1, "05"), "more padding than bytes");
    once(MALFORMED, frame(9, 4, 1, "82"), "CONTINUATION of nothing");
    once(MALFORMED, frame(0, 0, 1, "82"), "a frame that is never told");
    once("http2_heads_oversized", HexFormat.of().parseHex("00400101040000" + "0001"), "16,385");
  }

  private void once(String counter, byte[] bytes, String what) {
    Http2Heads fresh = new Http2Heads();
    List<StreamHead> got = fresh.read(1, true, 0, bytes);
    assertEquals(List.of(NO_MORE), got, what);
    assertEquals(1, fresh.counters().get(counter), what);
    assertEquals(List.of(), fresh.read(1, true, bytes.length, frame(1, 4, 1, REQUEST)), what);
    assertEquals(0, fresh.followed(), what);
  }

  @Test
  void aBlockThatNeverEndsIsGivenUp() {
    tell(true, frame(1, 0, 1, "00"));
    for (int i = 0; read.isEmpty() && i < 100; i++) {
      tell(true, frame(9, 0, 1, "00".repeat(1_000)));
    }
    assertEquals(List.of("0 0 true"), words());
    assertEquals(Map.of("http2_heads_oversized", 1L), counted());
  }

  /** One entry of the table, named 16,000 times over. */
  @Test
  void aHeadLargerThanIsHeldIsLeftOutAndTheNextOneRead() {
    tell(true, frame(1, 4, 1, REQUEST + "4001" + hex("a") + "7e" + hex("b".repeat(126))));
    tell(true, frame(1, 4, 3, REQUEST + "bf".repeat(16_000)));
    tell(true, frame(1, 4, 5, REQUEST));
    assertEquals(List.of("1 POST /s.A/", "5 POST /s.A/"), words());
  }

  @Test
  void whatBeginsInTheMiddleIsCountedOnceAndTakesNobodysPlace() {
    heads.read(1, true, 0, frame(1, 4, 1, REQUEST));
    for (int offset = 7; offset < 70; offset++) {
      assertEquals(List.of(), heads.read(2, true, offset, frame(1, 4, 3, REQUEST)));
    }
    assertEquals(Map.of(MISSING, 1L), counted());
    assertEquals(1, heads.followed());
  }

  /** Frames of 16,000 bytes that do not end, of more ends than there is room for. */
  @Test
  void whatWaitsForMoreIsBounded() {
    byte[] begin = Arrays.copyOf(HexFormat.of().parseHex("003fff010400000001"), 16_000);
    int all = Http2Heads.HELD / begin.length + 7;
    for (int i = 0; i < all; i++) {
      heads.read(i, true, 0, begin);
      assertTrue(heads.held() <= Http2Heads.HELD);
    }
    assertEquals(Map.of("http2_heads_oversized", 7L), counted());
    assertEquals(all - 7, heads.followed());
    assertEquals(
        7,
        IntStream.range(0, all)
            .filter(i -> heads.read(i, false, 0, frame(1, 4, 1, "88")).contains(NO_MORE))
            .count());
    for (int i = 0; i < all; i++) {
      heads.closed(i);
    }
    assertEquals(0, heads.held());
  }

  @Test
  void connectionsAreBounded() {
    for (int i = 0; i < 3 * Http2Heads.CONNECTIONS; i++) {
      heads.read(i, true, 0, frame(1, 4, 1, REQUEST));
    }
    assertEquals(Http2Heads.CONNECTIONS, heads.followed());
    assertEquals(Map.of("http2_heads_forgotten", 2L * Http2Heads.CONNECTIONS), counted());
    assertEquals(List.of(NO_MORE), heads.read(0, false, 0, frame(1, 5, 1, "88")), "forgotten");
    assertEquals(List.of(), heads.read(0, false, 10, frame(1, 5, 1, "88")), "and told once");
    long last = 3L * Http2Heads.CONNECTIONS - 1;
    heads.closed(last);
    assertEquals(Http2Heads.CONNECTIONS - 1, heads.followed());
  }

  /** The recording with bytes changed, left out, put twice, cut anywhere: read or given up. */
  @Test
  void anyBytesAreReadToAnEnd() throws IOException {
    Random random = new Random(7);
    List<Http2Recording.Part> parts = Http2Recording.read();
    long readable = 0;
    for (int i = 0; i < INPUTS; i++) {
      Http2Recording.Part part = parts.get(random.nextInt(parts.size()));
      byte[] bytes = part.bytes().clone();
      for (int n = random.nextInt(4); n > 0 && bytes.length > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(8) == 0) {
        random.nextBytes(bytes);
      }
      long socket = random.nextInt(2_000);
      int offset = random.nextInt(16) == 0 ? random.nextInt() : 0;
      for (StreamHead h : heads.read(socket, part.fromClient(), offset, bytes)) {
        readable += h.stream() != 0 ? 1 : 0;
        assertFalse(h.toString().contains("Bearer"), h::toString);
      }
      if (random.nextInt(3) == 0) {
        heads.closed(socket);
      }
      assertTrue(heads.followed() <= Http2Heads.CONNECTIONS);
    }
    assertTrue(readable > INPUTS / 100, "some of it was read: " + readable);
    assertTrue(counted().keySet().containsAll(List.of(MALFORMED, MISSING)), counted()::toString);
  }

  private void tell(boolean fromClient, byte[] bytes) {
    int direction = fromClient ? 1 : 0;
    read.addAll(heads.read(5, fromClient, told[direction], bytes));
    told[direction] += bytes.length;
  }

  private List<String> words() {
    return read.stream()
        .map(
            h ->
                h.stream()
                    + " "
                    + (h.head().isRequest()
                        ? h.head().method() + " " + h.head().path()
                        : h.head().status() + " " + h.concludes()))
        .toList();
  }

  private Map<String, Long> counted() {
    Map<String, Long> some = new TreeMap<>(heads.counters());
    some.values().removeIf(n -> n == 0);
    return some;
  }

  private static byte[] frame(int type, int flags, int stream, String block) {
    String head = String.format("%06x%02x%02x%08x", block.length() / 2, type, flags, stream);
    return HexFormat.of().parseHex(head + block);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }
}
