package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jnr.ffi.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the probes take for an HTTP/1 request and its status, run in the kernel by test_run. */
@Tag("bpf")
class MessageTest {
  private static final int LOOK_BYTES = 24;
  private static final int CONNECT = 1;
  private static final int ACCEPT = 2;
  private static final int IDLE = 0;
  private static final int REQUEST = 1;
  private static final int RESPONSE = 2;
  private static final int CLEAR = 2;
  private static final int TLS = 1;

  /** Of the record with its header in the ring: 8, then 112 and 256. */
  private static final int TOLD = 376;

  private final Pointer look = Native.allocate(LOOK_BYTES);
  private BpfObject object;
  private TestRun program;

  private record Seen(int status, int told) {}

  @BeforeEach
  void load() throws AgentException {
    Readiness readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    object =
        BpfObject.load(
            Architecture.object("message.test"),
            o -> o.setConstant("payload_level", Payload.HEADS.ordinal()));
    program = new TestRun(object.program("look"));
  }

  @AfterEach
  void close() {
    if (object != null) {
      object.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
  void aRequestIsToldWhereItBegins(String method) {
    String text = method + " / HTTP/1.1\r\n";
    assertEquals(new Seen(0, TOLD), look(text, true, ACCEPT, IDLE, CLEAR));
    assertEquals(new Seen(0, TOLD), look(text, false, CONNECT, IDLE, CLEAR));
    assertEquals(new Seen(0, 0), look(text, true, ACCEPT, REQUEST, CLEAR), "it goes on");
    assertEquals(new Seen(0, 0), look(text, true, CONNECT, REQUEST, CLEAR), "an answer");
    assertEquals(new Seen(0, 0), look(text, true, ACCEPT, IDLE, TLS));
  }

  @Test
  void aStatusIsTakenWhereTheAnswerBegins() {
    String text = "HTTP/1.1 503 Service Unavailable\r\n";
    assertEquals(new Seen(503, 0), look(text, false, ACCEPT, REQUEST, CLEAR));
    assertEquals(new Seen(503, 0), look(text, true, CONNECT, REQUEST, CLEAR));
    assertEquals(new Seen(0, 0), look(text, false, ACCEPT, RESPONSE, CLEAR), "it goes on");
    assertEquals(new Seen(0, 0), look(text, false, ACCEPT, REQUEST, TLS));
    assertEquals(new Seen(0, 0), look("HTTP/1.1 50", false, ACCEPT, REQUEST, CLEAR));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*1\r\n$4\r\nPING\r\n", "GE", "PRI * HTTP/2.0", "get / HTTP/1.1\r\n"})
  void othersAreNotTold(String text) {
    assertEquals(new Seen(0, 0), look(text, true, ACCEPT, IDLE, CLEAR));
  }

  /** The naive reading of the same bytes. */
  @Test
  void aStatusOfAnyBytesIsThatOfAPattern() {
    Pattern status = Pattern.compile("HTTP/1\\.. ([0-9]{3}).*", Pattern.DOTALL);
    Random random = new Random(5);
    for (int i = 0; i < 5_000; i++) {
      char[] text = "HTTP/1.1 204 No Content".toCharArray();
      for (int n = random.nextInt(3); n > 0; n--) {
        text[random.nextInt(text.length)] = (char) random.nextInt(256);
      }
      Matcher m = status.matcher(new String(text));
      int expected = m.matches() ? Integer.parseInt(m.group(1)) : 0;
      assertEquals(expected, look(new String(text), false, ACCEPT, REQUEST, CLEAR).status);
    }
  }

  private Seen look(String text, boolean in, int role, int phase, int tls) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    Pointer user = Native.allocate(bytes.length);
    user.put(0, bytes, 0, bytes.length);
    look.putLong(0, user.address());
    look.putInt(8, bytes.length);
    look.putByte(12, (byte) (in ? 1 : 0));
    look.putByte(13, (byte) role);
    look.putByte(14, (byte) phase);
    look.putByte(15, (byte) tls);
    program.run(look, LOOK_BYTES);
    Reference.reachabilityFence(user);
    return new Seen(look.getInt(16), look.getInt(20));
  }
}
