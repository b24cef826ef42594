package io.hoptoll.agent.l7;

import io.hoptoll.agent.l7.Heads.Piece;
import io.hoptoll.model.WireProtocol;

/**
 * DNS over TCP: length u16 (RFC 1035 4.2.2), then the header of 4.1.1: one question, the answer
 * with its id. Clients that write the length as a piece of its own (dig) show no more than it at
 * their end: there the answer tells, which repeats the question.
 */
final class Dns implements Recogniser {
  private static final int LENGTH = 2;
  private static final int HEADER = LENGTH + 12;
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
    Piece client = heads.client();
    Piece server = heads.server();
    if (client.length() == LENGTH) {
      return isQueryLength(client.u16(0)) && isAnswer(server, server.u16(2)) && repeats(server);
    }
    return isQuery(client) && (server.isEmpty() || isAnswer(server, client.u16(2)));
  }

  private static boolean isQueryLength(int length) {
    return length >= MIN_QUERY && length <= MAX_QUERY;
  }

  private static boolean repeats(Piece server) {
    return server.length() > HEADER
        && (server.u16(4) & (OPCODE | RESERVED)) == 0
        && server.u16(6) == 1
        && server.u8(HEADER) <= MAX_LABEL;
  }

  private static boolean isQuery(Piece client) {
    return client.length() > HEADER
        && isQueryLength(client.u16(0))
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
