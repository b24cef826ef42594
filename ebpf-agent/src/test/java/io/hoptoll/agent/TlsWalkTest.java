package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which chunks of a TLS stream are data, however reads and writes cut its records. */
@Tag("bpf")
class TlsWalkTest {
  private static final int CCS = 20;
  private static final int ALERT = 21;
  private static final int HANDSHAKE = 22;
  private static final int DATA = 23;
  private static final int ENCRYPTED_ALERT_BYTES = 19;
  private static final int JSSE_ALERT_BYTES = 35;

  private TlsWalker walker;

  @BeforeEach
  void load() throws AgentException {
    Readiness readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    walker = new TlsWalker();
  }

  @AfterEach
  void close() {
    if (walker != null) {
      walker.close();
    }
  }

  @Test
  void aClientsStreamCutInTwoAtEveryByte() {
    Stream client = clientStream();
    for (int cut = 1; cut < client.length(); cut++) {
      walker.reset();
      feedAndCompare(client, 0, cut);
      feedAndCompare(client, cut, client.length());
    }
  }

  @Test
  void aClientsStreamByteByByte() {
    Stream client = clientStream();
    for (int at = 0; at < client.length(); at++) {
      feedAndCompare(client, at, at + 1);
    }
  }

  @Test
  void handshakeOfBothSidesIsNoData() {
    assertFalse(fromClient(record(HANDSHAKE, 211)));
    assertFalse(fromServer(record(HANDSHAKE, 90), record(CCS, 1), record(DATA, 700)));
    assertFalse(fromClient(record(CCS, 1)));
    assertFalse(fromClient(record(DATA, 53)), "Finished");
    assertTrue(fromClient(record(DATA, 117)));
  }

  @Test
  void theServersTicketsAreNoDataUntilTheClientAsked() {
    handshake();
    assertFalse(fromServer(record(DATA, 250), record(DATA, 250)));
    assertTrue(fromClient(record(DATA, 117)));
    assertTrue(fromServer(record(DATA, 2_000)));
  }

  @Test
  void alertsAreNoDataInClearOrEncrypted() {
    handshake();
    assertTrue(fromClient(record(DATA, 117)));
    assertTrue(fromServer(record(DATA, 117)));
    assertFalse(fromClient(record(ALERT, 26)));
    assertFalse(fromClient(record(DATA, ENCRYPTED_ALERT_BYTES)));
    assertFalse(fromServer(record(DATA, ENCRYPTED_ALERT_BYTES)));
  }

  @Test
  void jssesPaddedAlertIsToldFromASmallPieceOfABody() {
    handshake();
    assertTrue(fromClient(record(DATA, 117)));
    assertTrue(fromClient(record(DATA, JSSE_ALERT_BYTES)), "a piece of the request");
    assertTrue(fromServer(record(DATA, 117)));
    assertFalse(fromClient(record(DATA, JSSE_ALERT_BYTES)), "no request is that short");
    assertFalse(fromClient(record(DATA, JSSE_ALERT_BYTES)));
  }

  @Test
  void outOfStepAllIsDataUntilAChunkBeginsWithARecord() {
    handshake();
    assertTrue(fromClient(new byte[] {71, 69, 84, 32, 47, 32, 72}));
    assertTrue(fromClient(new byte[] {1, 2, 3, 4, 5, 6}));
    assertFalse(fromClient(record(DATA, ENCRYPTED_ALERT_BYTES)));
    assertTrue(fromClient(record(DATA, 117)));
  }

  @Test
  void aHeaderThatCannotBeReadPutsItOutOfStep() {
    handshake();
    byte[] two = join(record(DATA, ENCRYPTED_ALERT_BYTES), record(DATA, ENCRYPTED_ALERT_BYTES));
    assertTrue(walker.feed(two, ENCRYPTED_ALERT_BYTES, true, true));
  }

  @Test
  void moreRecordsThanAreWalkedCountAsData() {
    handshake();
    byte[][] alerts = new byte[7][];
    Arrays.fill(alerts, record(DATA, ENCRYPTED_ALERT_BYTES));
    assertTrue(fromClient(alerts));
  }

  private void handshake() {
    fromClient(record(HANDSHAKE, 211));
    fromServer(record(HANDSHAKE, 90), record(CCS, 1), record(DATA, 700));
    fromClient(record(CCS, 1), record(DATA, 53));
  }

  private boolean fromClient(byte[]... records) {
    return walker.feed(join(records), true, true);
  }

  private boolean fromServer(byte[]... records) {
    return walker.feed(join(records), false, false);
  }

  private void feedAndCompare(Stream s, int from, int to) {
    int next = s.data.nextSetBit(from);
    assertEquals(
        next >= 0 && next < to,
        walker.feed(Arrays.copyOfRange(s.bytes, from, to), true, true),
        () -> "bytes " + from + " to " + to);
  }

  private record Stream(byte[] bytes, BitSet data) {
    int length() {
      return bytes.length;
    }
  }

  /**
   * ClientHello, change_cipher_spec, Finished, a request (known by its whole header), close_notify.
   */
  private static Stream clientStream() {
    byte[] before = join(record(HANDSHAKE, 31), record(CCS, 1), record(DATA, 53));
    byte[] request = record(DATA, 37);
    BitSet data = new BitSet();
    data.set(before.length + 4, before.length + request.length);
    return new Stream(join(before, request, record(DATA, ENCRYPTED_ALERT_BYTES)), data);
  }

  private static byte[] record(int type, int length) {
    byte[] r = new byte[5 + length];
    Arrays.fill(r, (byte) 0xA5);
    r[0] = (byte) type;
    r[1] = 3;
    r[2] = 3;
    r[3] = (byte) (length >> 8);
    r[4] = (byte) length;
    return r;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
