package io.hoptoll.agent.l7;

import io.hoptoll.agent.l7.Heads.Piece;
import io.hoptoll.model.WireProtocol;

/** HTTP/2 in clear: the client's connection preface, RFC 9113 3.4. */
final class Http2 implements Recogniser {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  @Override
  public WireProtocol protocol() {
    return WireProtocol.HTTP2;
  }

  @Override
  public boolean matches(Heads heads) {
    return isPreface(heads.client());
  }

  static boolean isPreface(Piece client) {
    return client.startsWith(PREFACE);
  }
}
