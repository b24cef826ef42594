package io.hoptoll.agent.l7;

import io.hoptoll.agent.l7.Heads.Piece;
import io.hoptoll.model.WireProtocol;
import java.util.Set;

/**
 * MySQL and MariaDB, by "MySQL Internals: Client/Server Protocol": packets have a length (u24,
 * little-endian) and a sequence number. The server speaks first, {@code HandshakeV10}; midway a
 * command has number 0 and its answer 1.
 */
final class MySql implements Recogniser {
  private static final int HANDSHAKE_V10 = 10;
  private static final int MIN_HANDSHAKE = 40;
  private static final int QUERY = 3;
  private static final Set<Integer> COMMANDS =
      Set.of(2, QUERY, 0x0e, 0x16, 0x17, 0x1a, 0x1c); // use, query, ping, statements

  @Override
  public WireProtocol protocol() {
    return WireProtocol.MYSQL;
  }

  @Override
  public boolean matches(Heads heads) {
    return isGreeting(heads.server()) || isCommand(heads.client(), heads.server());
  }

  /** Then the server's version, as text. */
  private static boolean isGreeting(Piece server) {
    return server.u24Little(0) >= MIN_HANDSHAKE
        && server.u24Little(0) < 1_024
        && server.u8(3) == 0
        && server.u8(4) == HANDSHAKE_V10
        && Character.isDigit(server.u8(5));
  }

  private static boolean isCommand(Piece client, Piece server) {
    return client.u24Little(0) > 0
        && client.u8(3) == 0
        && COMMANDS.contains(client.u8(4))
        && server.u24Little(0) > 0
        && server.u8(3) == 1;
  }
}
