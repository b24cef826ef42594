package io.hoptoll.agent.l7;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.HttpHead;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpHeadsTest {
  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private static final String WHOLE =
      "POST /orders/7?card=4111 HTTP/1.1\r\n"
          + "Host: shop.example:8080\r\n"
          + "Authorization: Bearer secret\r\n"
          + "Cookie: session=secret\r\n"
          + "X-Request-ID:  5c1f \r\n"
          + "traceparent: "
          + TRACE
          + "\r\n"
          + "b3: 0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1\r\n"
          + "\r\n"
          + "host: of-the-body\r\n\r\nsecret";

  @Test
  void aRequestKeepsTheListedFieldsOnly() {
    HttpHead head = parse(WHOLE);
    assertEquals(
        new HttpHead(
            "POST",
            "/orders/7",
            0,
            "shop.example:8080",
            "5c1f",
            TRACE,
            "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
            false),
        head);
    assertTrue(head.isRequest());
    assertFalse(head.toString().contains("secret"));
    assertFalse(head.toString().contains("4111"));
  }

  @Test
  void aResponseKeepsItsStatus() {
    HttpHead head = parse("HTTP/1.1 503 Service Unavailable\r\nx-request-id: 5c1f\r\n\r\n");
    assertEquals(new HttpHead("", "", 503, "", "5c1f", "", "", false), head);
    assertFalse(head.isRequest());
    assertEquals(204, parse("HTTP/1.0 204\r\n\r\n").status());
  }

  @Test
  void theOlderFieldsOfB3AreToldAsTheOne() {
    String both = "GET / HTTP/1.1\r\nX-B3-TraceId: 0af7\r\nX-B3-SpanId: b7ad\r\n";
    assertEquals("0af7-b7ad", parse(both + "\r\n").b3());
    assertEquals("0af7-b7ad-1", parse(both + "X-B3-Sampled: 1\r\n\r\n").b3());
    assertEquals("0", parse(both + "b3: 0\r\n\r\n").b3());
    assertEquals("", parse("GET / HTTP/1.1\r\nX-B3-TraceId: 0af7\r\n\r\n").b3());
  }

  @Test
  void halfALineIsNoField() {
    int idEnd = WHOLE.indexOf("5c1f") + 2;
    HttpHead head = parse(WHOLE.substring(0, idEnd));
    assertTrue(head.cut());
    assertEquals("shop.example:8080", head.host());
    assertEquals("", head.requestId());
  }

  @Test
  void everyBeginOfAHeadSaysTheSameOrLess() {
    HttpHead whole = parse(WHOLE);
    for (int n = "POST /".length(); n < WHOLE.length(); n++) {
      HttpHead head = parse(WHOLE.substring(0, n));
      assertTrue(whole.path().startsWith(head.path()), head::toString);
      assertTrue(head.host().isEmpty() || head.host().equals(whole.host()), head::toString);
      assertTrue(
          head.requestId().isEmpty() || head.requestId().equals(whole.requestId()), head::toString);
      assertTrue(head.b3().isEmpty() || head.b3().equals(whole.b3()), head::toString);
    }
  }

  @Test
  void ofATargetThePathAlone() {
    assertEquals("/a", parse("GET http://user:password@host/a?b HTTP/1.1\r\n\r\n").path());
    assertEquals("", parse("GET http://user:passwo").path());
    assertEquals("/a", parse("GET /a#b?c HTTP/1.1\r\n\r\n").path());
    assertEquals("/a", parse("GET /a?next=http://user:password@host/ HTTP/1.1\r\n\r\n").path());
    assertEquals("host:443", parse("CONNECT host:443 HTTP/1.1\r\n\r\n").path());
    assertEquals("*", parse("OPTIONS * HTTP/1.1\r\n\r\n").path());
    assertEquals("M-SEARCH", parse("M-SEARCH * HTTP/1.1\r\n\r\n").method());
  }

  @Test
  void theFirstOfANameCountsAndOddValuesDoNot() {
    assertEquals("a", parse("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").host());
    assertEquals("", parse("GET / HTTP/1.1\r\nHost: a\u0007b\r\n\r\n").host());
    String longest = "h".repeat(HttpHeads.MAX_VALUE);
    assertEquals(longest, parse("GET / HTTP/1.1\r\nHost: " + longest + "\r\n\r\n").host());
    assertEquals("", parse("GET / HTTP/1.1\r\nHost: h" + longest + "\r\n\r\n").host());
    assertEquals("a", parse("GET / HTTP/1.1\nHost: a\n\n").host());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET",
        "GET key",
        "GET key\r\n",
        "GET /\r\n\r\n",
        "GET /a poem with many words",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 99 Low\r\n\r\n",
        "get / HTTP/1.1\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2p1\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001",
      })
  void otherProtocolsAreNone(String text) {
    assertNull(HttpHeads.parse(bytes(text)));
  }

  @Test
  void anyBytesAreReadToAnEnd() {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = bytes(WHOLE);
      for (int n = random.nextInt(20); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      HttpHead head = HttpHeads.parse(bytes);
      if (head != null) {
        assertTrue(head.host().length() <= HttpHeads.MAX_VALUE);
      }
    }
    assertNotNull(HttpHeads.parse(bytes("GET /" + "a".repeat(100_000) + " HTTP/1.1\r\n\r\n")));
  }

  private static HttpHead parse(String text) {
    HttpHead head = HttpHeads.parse(bytes(text));
    assertNotNull(head, text);
    return head;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
