package io.hoptoll.agent.l7;

import io.hoptoll.model.HttpHead;
import io.hoptoll.model.Latest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Heads of HTTP/2 in clear, of all connections that are followed. A direction's fields are packed
 * against a table that its whole past has built (HPACK, RFC 7541 2.2): where any of that is missing
 * the connection is given up and counted, for what followed would be guessed. One thread.
 */
public final class Http2Heads {
  /**
   * Connections' ends followed at once: 2 tables of 4 KiB each, which short fields make 16 KiB of
   * objects: 34 MiB.
   */
  public static final int CONNECTIONS = 1_024;

  /** Bytes of frames and blocks that wait for more, of all ends. */
  static final int HELD = 4 << 20;

  /** Connections' ends that are remembered to be given up: 1 MB. */
  private static final int GIVEN_UP = 16_384;

  /**
   * A head on one stream.
   *
   * @param stream 0: the connection was given up, there are no more
   * @param concludes of an answer: its status stands
   */
  public record StreamHead(int stream, HttpHead head, boolean concludes) {}

  /** The connection was given up. */
  public static final StreamHead NO_MORE =
      new StreamHead(0, HttpHeads.head("", "", 0, Map.of(), true), true);

  private final Map<Long, Http2Connection> followed = new LinkedHashMap<>(64, 0.75f, true);

  /** Has {@link #NO_MORE} been told of it? */
  private final Map<Long, Boolean> givenUp = new Latest<>(GIVEN_UP);

  private int held;
  private long missing;
  private long malformed;
  private long oversized;
  private long forgotten;

  /**
   * Bytes of frames with heads, in order.
   *
   * @param fromClient their direction
   * @param offset how many such bytes of this direction came before
   * @return what they complete
   */
  public List<StreamHead> read(long socketId, boolean fromClient, int offset, byte[] bytes) {
    Boolean wasTold = givenUp.replace(socketId, true);
    if (wasTold != null) {
      return wasTold ? List.of() : List.of(NO_MORE);
    }
    Http2Connection c = followed.get(socketId);
    if (c == null && offset != 0) {
      missing++;
      giveUp(socketId, true); // nothing was told of it
      return List.of();
    }
    return read(socketId, c == null ? follow(socketId) : c, fromClient, offset, bytes);
  }

  private List<StreamHead> read(
      long socketId, Http2Connection c, boolean fromClient, int offset, byte[] bytes) {
    List<StreamHead> heads = new ArrayList<>();
    held -= c.held();
    try {
      c.read(fromClient, offset, bytes, heads);
      held += c.held();
    } catch (Unreadable e) {
      held += c.held();
      switch (e.why()) {
        case MISSING -> missing++;
        case MALFORMED -> malformed++;
        case OVERSIZED -> oversized++;
      }
      giveUp(socketId, true);
      heads.add(NO_MORE);
    }
    if (held > HELD) {
      oversized++;
      giveUp(largest(), false);
    }
    return heads;
  }

  /** The socket's end. */
  public void closed(long socketId) {
    leave(socketId);
    givenUp.remove(socketId);
  }

  /** The one that was silent longest goes for it: what that says later begins in the middle. */
  private Http2Connection follow(long socketId) {
    if (followed.size() >= CONNECTIONS) {
      forgotten++;
      giveUp(followed.keySet().iterator().next(), false);
    }
    Http2Connection c = new Http2Connection();
    followed.put(socketId, c);
    return c;
  }

  private long largest() {
    return Collections.max(
            followed.entrySet(), Comparator.comparingInt(each -> each.getValue().held()))
        .getKey();
  }

  private void giveUp(long socketId, boolean isTold) {
    leave(socketId);
    givenUp.put(socketId, isTold);
  }

  private void leave(long socketId) {
    Http2Connection c = followed.remove(socketId);
    held -= c == null ? 0 : c.held();
  }

  int followed() {
    return followed.size();
  }

  int held() {
    return held;
  }

  /** Connections' ends given up, by cause. */
  public Map<String, Long> counters() {
    return Map.of(
        "http2_heads_missing", missing,
        "http2_heads_malformed", malformed,
        "http2_heads_oversized", oversized,
        "http2_heads_forgotten", forgotten);
  }

  /** Why a connection's heads cannot be read any further. */
  enum Why {
    /** Bytes did not get here. */
    MISSING,
    /** No frames, or no fields, as RFC 9113 and RFC 7541 have them. */
    MALFORMED,
    /** Beyond what is held of one head, or the largest where all are too much. */
    OVERSIZED
  }

  /** Ends the reading of a connection. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;
    private final Why why;

    Unreadable(Why why) {
      super(why.name(), null, false, false);
      this.why = why;
    }

    Why why() {
      return why;
    }
  }
}
