package io.hoptoll.agent.l7;

import io.hoptoll.agent.l7.Heads.Piece;
import io.hoptoll.model.WireProtocol;
import java.util.regex.Pattern;

/**
 * Redis: a command is an array of bulk strings, {@code *2\r\n$3\r\n...} ("Redis serialization
 * protocol specification", RESP 2 and 3); the reply begins with the type of a RESP value.
 */
final class Redis implements Recogniser {
  private static final Pattern COMMAND = Pattern.compile("\\*[1-9]\\d{0,6}\r\n\\$\\d{1,9}\r\n");
  private static final String TYPES = "+-:$*_#,(!=%~>|";

  @Override
  public WireProtocol protocol() {
    return WireProtocol.REDIS;
  }

  @Override
  public boolean matches(Heads heads) {
    Piece server = heads.server();
    return COMMAND.matcher(heads.client().ascii()).lookingAt()
        && (server.isEmpty() || TYPES.indexOf(server.u8(0)) >= 0);
  }
}
