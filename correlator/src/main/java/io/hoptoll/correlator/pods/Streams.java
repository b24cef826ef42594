package io.hoptoll.correlator.pods;

import io.hoptoll.model.HttpMessage;
import io.hoptoll.model.Nanos;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 requests whose status is not final yet, of all connections; the longest unheard of go for
 * new ones. A client's threads may tell an answer before the request: both wait for each other.
 */
final class Streams {
  private static final int NO_TURN = -1;

  private record Key(String node, long socketId, int stream) {}

  private static final class Stream {
    @Nullable HttpMessage asked;
    long answeredNanos = Nanos.UNSET;
    int status;
    boolean isConcluded;
  }

  private final Map<Key, Stream> open =
      new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Stream> eldest) {
          boolean full = size() > Limits.STREAMS;
          forgotten += full ? 1 : 0;
          return full;
        }
      };

  private long forgotten;

  long forgotten() {
    return forgotten;
  }

  /**
   * @param lastAsked the connection's latest request that was told: ids ascend (RFC 9113 5.1.1), so
   *     an answer up to there to a stream that is not open comes after its end
   * @return null as long as it is not over
   */
  @Nullable Answer take(HttpMessage m, int lastAsked) {
    Key key = new Key(m.node(), m.socketId(), m.stream());
    if (m.head().isRequest()) {
      Stream stream = open.computeIfAbsent(key, k -> new Stream());
      stream.asked = m;
      return over(key, stream, m.atNanos());
    }
    boolean isReset = m.head().status() == 0;
    if ((isReset || m.stream() <= lastAsked) && !open.containsKey(key)) {
      return null; // it was over before
    }
    Stream stream = open.computeIfAbsent(key, k -> new Stream());
    if (!isReset && !Nanos.isSet(stream.answeredNanos)) {
      stream.answeredNanos = m.atNanos();
    }
    stream.status = m.head().status();
    stream.isConcluded = m.concludes();
    return over(key, stream, m.atNanos());
  }

  private @Nullable Answer over(Key key, Stream stream, long nowNanos) {
    if (!stream.isConcluded || stream.asked == null) {
      return null;
    }
    open.remove(key);
    return answer(stream.asked, stream, nowNanos);
  }

  private static Answer answer(HttpMessage asked, Stream stream, long endNanos) {
    boolean isTimed = Nanos.isSet(stream.answeredNanos) && stream.answeredNanos >= asked.atNanos();
    return new Answer(
        asked,
        NO_TURN,
        stream.status,
        isTimed ? stream.answeredNanos - asked.atNanos() : Nanos.UNSET,
        isTimed ? stream.answeredNanos : endNanos);
  }

  /** Has this request no byte of answer yet? */
  boolean isWaiting(HttpMessage m) {
    Stream stream = open.get(new Key(m.node(), m.socketId(), m.stream()));
    return stream != null && !Nanos.isSet(stream.answeredNanos);
  }

  /** The connection's end, or that of what is known of it: what is open stays without a status. */
  List<Answer> end(String node, long socketId, long endNanos) {
    List<Answer> unanswered = new ArrayList<>();
    for (Iterator<Map.Entry<Key, Stream>> all = open.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Key, Stream> each = all.next();
      if (each.getKey().socketId == socketId && each.getKey().node.equals(node)) {
        Stream stream = each.getValue();
        all.remove();
        stream.status = 0;
        if (stream.asked != null) {
          unanswered.add(answer(stream.asked, stream, endNanos));
        }
      }
    }
    return unanswered;
  }
}
