package io.hoptoll.agent.l7;

import io.hoptoll.agent.l7.Heads.Piece;
import io.hoptoll.model.WireProtocol;

/**
 * DNS over TCP: length u16 (RFC 1035 4.2.2), then the header of 4.1.1: one question, the answer
 * with its id.
 */
final class Dns implements Recogniser {
  private static final int HEADER = 14; // with the length
  private static final int MIN_QUERY = 17; // header, root name, type, class
  private static final int MAX_QUERY = 4_096;
  private static final int RESPONSE = 0x8000;
  private static final int OPCODE = 0x7800;
  private static final int RESERVED = 0x0040;
  private static final int MAX_LABEL = 63;

  @Override
  public WireProtocol protocol() {
    return WireProtocol.DNS;
  }

  @Override
  public boolean matches(Heads heads) {
    Piece server = heads.server();
    return isQuery(heads.client()) && (server.isEmpty() || isAnswer(server, heads.client().u16(2)));
  }

  private static boolean isQuery(Piece client) {
    int length = client.u16(0);
    return client.length() > HEADER
        && length >= MIN_QUERY
        && length <= MAX_QUERY
        && (client.u16(4) & (RESPONSE | OPCODE | RESERVED)) == 0
        && client.u16(6) == 1
        && client.u16(8) == 0
        && client.u16(10) == 0
        && client.u16(12) <= 2
        && client.u8(HEADER) <= MAX_LABEL;
  }

  private static boolean isAnswer(Piece server, int id) {
    return server.u16(2) == id && (server.u16(4) & RESPONSE) != 0 && server.u16(6) <= 1;
  }
}
