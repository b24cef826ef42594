package io.hoptoll.agent;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.model.HttpCall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which response belongs to which request, and from when to when. */
class PlaintextDecoderTest {
  private static final int SSL = 7;

  private final List<HttpCall> calls = new ArrayList<>();
  private final PlaintextDecoder decoder = new PlaintextDecoder("here", calls::add);

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() {
    sent(SSL, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n", 10, 11);
    sent(SSL, "GET /b?q=1 HTTP/1.1\r\nHost: x\r\n\r\n", 20, 21);
    read(SSL, "HTTP/1.1 200 OK\r\n\r\n", 30, 31);
    read(SSL, "HTTP/1.1 404 Not Found\r\n\r\n", 40, 41);
    assertEquals(List.of("/a 200 10-31 asked", "/b 404 20-41 asked"), shown());
  }

  @Test
  void aServersTimeIsFromTheHeadReadToTheAnswerWritten() {
    read(SSL, "POST /in HTTP/1.1\r\n\r\n", 10, 15);
    sent(SSL, "HTTP/1.1 100 Continue\r\n\r\n", 16, 17);
    sent(SSL, "HTTP/1.1 201 Created\r\n\r\n", 20, 22);
    assertEquals(List.of("/in 201 15-22 served"), shown());
  }

  @Test
  void connectionsAreApartAndWhatIsNoAnswerIsCounted() {
    sent(SSL, "GET /a HTTP/1.1\r\n\r\n", 10, 11);
    read(SSL + 1, "HTTP/1.1 200 OK\r\n\r\n", 12, 13);
    sent(SSL, "HTTP/1.1 200 OK\r\n\r\n", 14, 15);
    assertEquals(List.of(), calls);
    assertEquals(2, decoder.unmatched());
  }

  @Test
  void anAddressUsedAgainForAnotherSocketIsAnotherConnection() {
    record(SSL, 1, 0, "GET /gave-up HTTP/1.1\r\n\r\n", 10, 11);
    record(SSL, 2, 0, "GET /a HTTP/1.1\r\n\r\n", 20, 21);
    record(SSL, 2, 1, "HTTP/1.1 200 OK\r\n\r\n", 30, 31);
    assertEquals(List.of("/gave-up 0 10-21 asked", "/a 200 20-31 asked"), shown());
  }

  /** The read of its answer was under way when the task began. */
  @Test
  void anAnswerMissedOfAGoClientShiftsNoLaterOne() {
    record(SSL, 0, 4, "GET /missed HTTP/1.1\r\n\r\n", 10, 11);
    record(SSL, 0, 4, "GET /a HTTP/1.1\r\n\r\n", 20, 21);
    record(SSL, 0, 5, "HTTP/1.1 404 Not Found\r\n\r\n", 30, 31);
    decoder.end(99);
    assertEquals(List.of("/a 404 20-31 asked"), shown());
    assertEquals(1, decoder.answersMissed());
  }

  @Test
  void whatGetsNoAnswerIsToldAtTheEnd() {
    sent(SSL, "GET /hangs HTTP/1.1\r\n\r\n", 10, 11);
    decoder.end(99);
    decoder.end(100);
    assertEquals(List.of("/hangs 0 10-99 asked"), shown());
  }

  @Test
  void requestsWithoutEndOnOneConnectionAreBounded() {
    for (int i = 0; i < PlaintextDecoder.WAITING + 3; i++) {
      sent(SSL, "GET /" + i + " HTTP/1.1\r\n\r\n", 10, 11);
    }
    assertEquals(List.of("/0 0 10-11 asked", "/1 0 10-11 asked", "/2 0 10-11 asked"), shown());
  }

  @Test
  void connectionsThatWaitAreBounded() {
    for (int i = 0; i < PlaintextDecoder.CONNECTIONS + 2; i++) {
      sent(SSL + i, "GET /" + i + " HTTP/1.1\r\n\r\n", 10, 11);
    }
    assertEquals(List.of("/0 0 10-11 asked", "/1 0 10-11 asked"), shown());
  }

  @Test
  void aBodyThatBeginsLikeAHeadIsNone() {
    sent(SSL, "GET no head at all\r\n", 10, 11);
    decoder.end(99);
    assertEquals(List.of(), calls);
    assertEquals(0, decoder.messages());
  }

  private List<String> shown() {
    return calls.stream()
        .map(
            c ->
                "%s %d %d-%d %s"
                    .formatted(
                        c.request().path(),
                        c.status(),
                        c.beginNanos(),
                        c.endNanos(),
                        c.served() ? "served" : "asked"))
        .toList();
  }

  private void sent(int ssl, String text, long began, long ended) {
    record(ssl, 0, 0, text, began, ended);
  }

  private void read(int ssl, String text, long began, long ended) {
    record(ssl, 0, 1, text, began, ended);
  }

  private void record(int ssl, long socket, int in, String text, long began, long ended) {
    int size = MessageLayout.PLAINTEXT_SIZE;
    ByteBuffer b = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    b.putLong(RecordLayout.EMITTED, ended);
    b.putLong(RecordLayout.SOCKET_ID, socket);
    b.putInt(RecordLayout.TGID, 4_711);
    b.putLong(96, (in & 1) == 1 ? ended : began); // as plaintext.h has it
    b.putInt(104, text.length());
    b.putInt(108, 2 | in);
    b.put(112, text.getBytes(US_ASCII));
    b.putLong(size - Long.BYTES, ssl);
    decoder.record(b, 0, size);
  }
}
