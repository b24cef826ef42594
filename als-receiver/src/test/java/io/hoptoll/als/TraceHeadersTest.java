package io.hoptoll.als;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TraceHeadersTest {
  private static final String TRACE = "80f198ee56343ba864fe8b2a57d3eff7";
  private static final String SPAN = "e457b5a2e4d86bd1";

  @Test
  void traceparentWinsAsItStands() {
    assertEquals("00-x", TraceHeaders.traceparent("00-x", TRACE + "-" + SPAN, "", "", ""));
  }

  @Test
  void b3OfOneHeader() {
    String expected = "00-" + TRACE + "-" + SPAN + "-";
    assertEquals(expected + "01", b3(TRACE + "-" + SPAN + "-1-05e3ac9a4f6e3b90"));
    assertEquals(expected + "01", b3(TRACE + "-" + SPAN + "-d"));
    assertEquals(expected + "01", b3(TRACE + "-" + SPAN));
    assertEquals(expected + "00", b3(TRACE + "-" + SPAN + "-0"));
  }

  @Test
  void shortTraceIdsAreFilledUp() {
    assertEquals(
        "00-0000000000000000" + TRACE.substring(16) + "-" + SPAN + "-01",
        b3(TRACE.substring(16) + "-" + SPAN + "-1"));
  }

  @Test
  void b3OfSeveralHeaders() {
    assertEquals(
        "00-" + TRACE + "-" + SPAN + "-00", TraceHeaders.traceparent("", "", TRACE, SPAN, "0"));
  }

  @Test
  void whatIsNoContextIsNone() {
    assertEquals("", b3("0"));
    assertEquals("", b3("zz"));
    assertEquals("", TraceHeaders.traceparent("", "", "", "", ""));
    assertEquals("", TraceHeaders.traceparent("", "", TRACE, "", ""));
  }

  private static String b3(String value) {
    return TraceHeaders.traceparent("", value, "", "", "");
  }
}
