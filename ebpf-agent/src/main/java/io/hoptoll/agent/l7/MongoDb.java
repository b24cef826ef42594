package io.hoptoll.agent.l7;

import io.hoptoll.agent.l7.Heads.Piece;
import io.hoptoll.model.WireProtocol;
import java.util.Set;

/**
 * MongoDB, by "MongoDB Wire Protocol": messageLength, requestID, responseTo, opCode, each u32
 * little-endian; the reply's responseTo is the requestID.
 */
final class MongoDb implements Recogniser {
  private static final int HEADER = 16;
  private static final long MAX_MESSAGE = 48_000_000; // maxMessageSizeBytes
  private static final Set<Long> OPERATIONS =
      Set.of(2001L, 2002L, 2004L, 2005L, 2006L, 2007L, 2012L, 2013L);

  @Override
  public WireProtocol protocol() {
    return WireProtocol.MONGODB;
  }

  @Override
  public boolean matches(Heads heads) {
    Piece client = heads.client();
    Piece server = heads.server();
    long length = client.u32Little(0);
    return length > HEADER
        && length <= MAX_MESSAGE
        && client.u32Little(8) == 0
        && OPERATIONS.contains(client.u32Little(12))
        && (server.length() < 12 || server.u32Little(8) == client.u32Little(4));
  }
}
