package io.hoptoll.agent.l7;

import io.hoptoll.agent.l7.Heads.Piece;
import io.hoptoll.model.WireProtocol;
import java.util.Set;

/**
 * HTTP/1: a method of RFC 9110 9.3 or RFC 5789 and a blank (RFC 9112 3), or a status line (RFC 9112
 * 4).
 */
final class Http1 implements Recogniser {
  static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

  @Override
  public WireProtocol protocol() {
    return WireProtocol.HTTP1;
  }

  @Override
  public boolean matches(Heads heads) {
    return isStatusLine(heads.server()) || isRequestLine(heads.client());
  }

  private static boolean isStatusLine(Piece server) {
    return server.startsWith("HTTP/1.1 ") || server.startsWith("HTTP/1.0 ");
  }

  private static boolean isRequestLine(Piece client) {
    String text = client.ascii();
    int blank = text.indexOf(' ');
    return blank > 0 && METHODS.contains(text.substring(0, blank));
  }
}
