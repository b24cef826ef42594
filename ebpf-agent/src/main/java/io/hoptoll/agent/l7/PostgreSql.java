package io.hoptoll.agent.l7;

import io.hoptoll.agent.l7.Heads.Piece;
import io.hoptoll.model.WireProtocol;

/**
 * PostgreSQL, by "Message Formats" of its manual (protocol 3): a connection begins with a startup
 * message, a request for encryption or to cancel; midway both sides' messages are a type and a
 * length.
 */
final class PostgreSql implements Recogniser {
  private static final int VERSION_3 = 3; // the upper half; the lower one is the minor version
  private static final int REQUESTS = 1234; // the upper half of a request's code
  private static final int CANCEL = 5678;
  private static final int ENCRYPT_GSS = 5680;
  private static final int MAX_STARTUP =
      10_000; // the server refuses more (MAX_STARTUP_PACKET_LENGTH)
  private static final int MAX_MESSAGE = 1 << 24;
  private static final String CLIENT_TYPES = "QPBEDCSHFXdcfp";
  private static final String SERVER_TYPES = "RKSZTDCEINAGHWVnst123cdv";

  @Override
  public WireProtocol protocol() {
    return WireProtocol.POSTGRESQL;
  }

  @Override
  public boolean matches(Heads heads) {
    Piece server = heads.server();
    return begins(heads.client())
        || (isMessage(heads.client(), CLIENT_TYPES) && isMessage(server, SERVER_TYPES));
  }

  /** Length u32, then a version or a request's code. */
  private static boolean begins(Piece client) {
    long length = client.u32(0);
    if (length < 8 || length > MAX_STARTUP) {
      return false;
    }
    int code = client.u16(6);
    return client.u16(4) == REQUESTS
        ? code >= CANCEL && code <= ENCRYPT_GSS
        : client.u16(4) == VERSION_3 && code <= 9 && isName(client.u8(8));
  }

  /** A parameter's name follows. */
  private static boolean isName(int first) {
    return first == '_' || (first >= 'a' && first <= 'z');
  }

  private static boolean isMessage(Piece piece, String types) {
    long length = piece.u32(1);
    return piece.length() > 4
        && types.indexOf(piece.u8(0)) >= 0
        && length >= 4
        && length <= MAX_MESSAGE;
  }
}
