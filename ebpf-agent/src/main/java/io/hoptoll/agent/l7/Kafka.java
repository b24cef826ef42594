package io.hoptoll.agent.l7;

import io.hoptoll.agent.l7.Heads.Piece;
import io.hoptoll.model.WireProtocol;

/**
 * Kafka, by "Kafka protocol guide": a request is size u32, api key i16, api version i16,
 * correlation id i32, client id (length i16, -1: none); its response size and the same correlation
 * id.
 */
final class Kafka implements Recogniser {
  private static final int MIN_REQUEST = 10;
  private static final int MAX_REQUEST = 100 << 20; // socket.request.max.bytes
  private static final int MAX_KEY = 127; // 92 are given
  private static final int MAX_VERSION = 31; // 17 are given
  private static final int NO_CLIENT_ID = 0xffff;
  private static final int MAX_CLIENT_ID = 255;

  @Override
  public WireProtocol protocol() {
    return WireProtocol.KAFKA;
  }

  @Override
  public boolean matches(Heads heads) {
    Piece server = heads.server();
    return isRequest(heads.client())
        && server.u32(0) >= 4
        && server.u32(0) <= MAX_REQUEST
        && server.u32(4) == heads.client().u32(8);
  }

  private static boolean isRequest(Piece client) {
    long size = client.u32(0);
    int idLength = client.u16(12);
    return size >= MIN_REQUEST
        && size <= MAX_REQUEST
        && client.length() >= 14
        && client.u16(4) <= MAX_KEY
        && client.u16(6) <= MAX_VERSION
        && (idLength == NO_CLIENT_ID || (idLength <= MAX_CLIENT_ID && isText(client, idLength)));
  }

  private static boolean isText(Piece client, int length) {
    for (int i = 14; i < Math.min(14 + length, client.length()); i++) {
      if (client.u8(i) < 0x20 || client.u8(i) > 0x7e) {
        return false;
      }
    }
    return true;
  }
}
