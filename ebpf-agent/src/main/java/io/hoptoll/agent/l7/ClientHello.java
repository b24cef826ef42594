package io.hoptoll.agent.l7;

import io.hoptoll.agent.l7.Heads.Piece;
import java.util.Optional;

/**
 * A TLS client's first message, RFC 8446 section 4.1.2, as far as it is at hand: extensions beyond
 * the copied bytes are not known.
 */
record ClientHello(Piece bytes, int extensions) {
  private static final int RECORD_HEADER = 5;
  private static final int HANDSHAKE = 22;
  private static final int CLIENT_HELLO = 1;
  private static final int MAX_HELLO = 1 << 16;
  private static final int TO_SESSION_ID = 38; // type, length u24, version u16, random[32]
  private static final int SERVER_NAME = 0;
  private static final int ALPN = 16;
  private static final int MAX_NAME = 253;

  /** With the record's header, or without it where a server read that apart. */
  static Optional<ClientHello> of(Piece client) {
    boolean hasHeader = client.u8(0) == HANDSHAKE && client.u8(1) == 3;
    int at = hasHeader ? RECORD_HEADER : 0;
    boolean isHello =
        client.u8(at) == CLIENT_HELLO
            && client.u24(at + 1) > TO_SESSION_ID
            && client.u24(at + 1) < MAX_HELLO
            && client.u8(at + 4) == 3
            && client.u8(at + 5) <= 3
            && client.u8(at + TO_SESSION_ID) <= 32;
    return isHello
        ? Optional.of(new ClientHello(client, extensions(client, at)))
        : Optional.empty();
  }

  /** Behind the session id, the cipher suites and the compression methods. */
  private static int extensions(Piece b, int message) {
    int at = message + TO_SESSION_ID;
    at += 1 + Math.max(b.u8(at), 0);
    at += 2 + Math.max(b.u16(at), 0);
    at += 1 + Math.max(b.u8(at), 0);
    return at + 2; // their length
  }

  /** The name that the client asks for; empty where it is not among the bytes. */
  String serverName() {
    int at = extension(SERVER_NAME);
    // the list's length, type 0: host name, the name's length (RFC 6066 section 3)
    boolean isName = at > 0 && bytes.u8(at + 2) == 0 && bytes.u16(at + 3) <= MAX_NAME;
    return isName ? bytes.text(at + 5, bytes.u16(at + 3)) : "";
  }

  /** As ALPN's registry names it, and Istio's sidecars do ({@code istio-http/1.1}). */
  boolean offersHttp() {
    int list = extension(ALPN);
    int at = list + 2;
    int end = at + bytes.u16(list);
    while (list > 0 && at < end && bytes.u8(at) > 0) {
      String name = bytes.text(at + 1, bytes.u8(at));
      if (name.equals("h2") || name.contains("http/1.")) {
        return true;
      }
      at += 1 + bytes.u8(at);
    }
    return false;
  }

  /** Where an extension's data begin; -1 where it is not among the bytes. */
  private int extension(int wanted) {
    int at = extensions;
    while (bytes.u16(at + 2) >= 0) {
      if (bytes.u16(at) == wanted) {
        return at + 4;
      }
      at += 4 + bytes.u16(at + 2);
    }
    return -1;
  }
}
