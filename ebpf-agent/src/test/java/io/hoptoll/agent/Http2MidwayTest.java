package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.ref.Reference;
import java.util.HexFormat;
import jnr.ffi.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * In a connection older than the agent only frames tell HTTP/2, and other protocols' lengths begin
 * with zeros as well: none may be taken for it, or its turns would be no requests any more.
 */
@Tag("bpf")
class Http2MidwayTest {
  private static final int BEGIN_BYTES = 16;

  private final Pointer begin = Native.allocate(BEGIN_BYTES);
  private BpfObject object;
  private TestRun program;

  @BeforeEach
  void load() throws AgentException {
    Readiness readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    object = BpfObject.load(Architecture.object("http2.test"), o -> {});
    program = new TestRun(object.program("recognise"));
  }

  @AfterEach
  void close() {
    if (object != null) {
      object.close();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "HEADERS, 00001001 2500000003, true",
    "HEADERS and its block, 00000301 0500000007 828684, true",
    "DATA, 00000500 0100000009 0000000000, true",
    "PRIORITY, 00000502 0000000003 0000000010, true",
    "RST_STREAM, 00000403 0000000003 00000008, true",
    "SETTINGS, 00000604 0000000000 000300000064, true",
    "SETTINGS acknowledged, 00000004 0100000000, true",
    "PING, 00000806 0000000000 0000000000000000, true",
    "GOAWAY, 00000807 0000000000 0000000000000000, true",
    "WINDOW_UPDATE of the connection, 00000408 0000000000 0000ffff, true",
    "WINDOW_UPDATE of a stream, 00000408 0000000005 0000ffff, true",
    "WINDOW_UPDATE then HEADERS, 00000408 0000000000 0000ffff 0000030105000000 0b 828684, true",
    "then no frame, 00000408 0000000000 0000ffff 4745540000000000 00, false",
    "too few bytes, 0000040800000000, false"
  })
  void http2(String what, String hex, boolean expected) {
    assertEquals(expected, midway(hex), what);
  }

  /** Length, then api_key, api_version, correlation_id (kafka.apache.org/protocol). */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "Fetch of 256 bytes, 00000100 0001000d 00000011 000361 6263",
    "Fetch of 257 bytes, 00000101 0001000d 00000011 000361 6263",
    "Metadata of 1027 bytes, 00000403 0003000c 00000002 000361 6263",
    "Produce of 1032 bytes, 00000408 00000009 00000005 000361 6263",
    "ApiVersions of 1285 bytes, 00000505 00120003 00000001 000361 6263",
    "Heartbeat of 8 bytes and no more, 00000008 000c0004 00000001"
  })
  void kafkaIsNone(String what, String hex) {
    assertEquals(false, midway(hex), what);
  }

  /** Their lengths end with, or are followed by, what would be a frame's type. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "PostgreSQL: SSLRequest, 00000008 04d2162f",
    "PostgreSQL: start of 265 bytes, 00000109 00030000 75736572 00616c69636500 64617461",
    "PostgreSQL: start of 256 bytes, 00000100 00030000 75736572 00616c69636500 64617461",
    "MySQL: COM_QUERY of 256 bytes, 000100 00 03 73656c6563742031",
    "MongoDB: OP_MSG of 256 bytes, 00010000 05000000 00000000 dd070000 00000000",
    "DNS: query of 41 bytes, 0029 0004 0100 0001 0000 0000 0000 0377",
    "zeros, 00000000 00000000 00000000 00000000 00000000"
  })
  void othersAreNone(String what, String hex) {
    assertEquals(false, midway(hex), what);
  }

  private boolean midway(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    Pointer user = Native.allocate(bytes.length);
    user.put(0, bytes, 0, bytes.length);
    begin.putLong(0, user.address());
    begin.putInt(8, bytes.length);
    program.run(begin, BEGIN_BYTES);
    Reference.reachabilityFence(user);
    return begin.getInt(12) != 0;
  }
}
