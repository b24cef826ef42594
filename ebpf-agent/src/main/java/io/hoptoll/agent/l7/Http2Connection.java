package io.hoptoll.agent.l7;

import io.hoptoll.agent.l7.Http2Heads.StreamHead;
import io.hoptoll.agent.l7.Http2Heads.Unreadable;
import io.hoptoll.agent.l7.Http2Heads.Why;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One end of an HTTP/2 connection: its two directions pack their heads apart. */
final class Http2Connection {
  private static final int RST_STREAM = 3;

  private final Http2Direction fromClient = new Http2Direction();
  private final Http2Direction fromServer = new Http2Direction();

  /**
   * @param out gets what is complete, also before bytes that cannot be read
   */
  void read(boolean isFromClient, int offset, byte[] bytes, List<StreamHead> out)
      throws Unreadable {
    Http2Direction direction = isFromClient ? fromClient : fromServer;
    direction.read(
        offset,
        bytes,
        complete -> {
          StreamHead head = head(complete, isFromClient);
          if (head != null) {
            out.add(head);
          }
        });
  }

  /** Bytes that wait for more. */
  int held() {
    return fromClient.held() + fromServer.held();
  }

  private static @Nullable StreamHead head(Http2Direction.Complete c, boolean isFromClient) {
    boolean isOfClients = (c.stream() & 1) == 1; // RFC 9113 5.1.1; pushed ones are nobody's request
    if (!isOfClients) {
      return null;
    }
    if (c.type() == RST_STREAM) {
      return new StreamHead(c.stream(), Http2Heads.NO_MORE.head(), true);
    }
    Http2Headers fields = c.fields();
    if (fields == null) {
      return null;
    }
    return isFromClient
        ? Http2Fields.request(c.stream(), fields)
        : Http2Fields.answer(c.stream(), fields, c.ends());
  }

  static Unreadable malformed() {
    return new Unreadable(Why.MALFORMED);
  }
}
