package io.hoptoll.correlator.pods;

import io.hoptoll.model.HttpHead;
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
  /**
   * A request that is over.
   *
   * @param status 0: reset, or the connection ended
   * @param nanos to the answer's first byte
   */
  record Answer(HttpHead head, int status, long nanos) {}

  private record Key(String node, long socketId, int stream) {}

  private static final class Stream {
    @Nullable HttpHead head;
    long askedNanos = Nanos.UNSET;
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
      return over(key, ask(key, m));
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
    return over(key, stream);
  }

  private Stream ask(Key key, HttpMessage m) {
    Stream stream = open.computeIfAbsent(key, k -> new Stream());
    stream.head = m.head();
    stream.askedNanos = m.atNanos();
    return stream;
  }

  private @Nullable Answer over(Key key, Stream stream) {
    if (!stream.isConcluded || stream.head == null) {
      return null;
    }
    open.remove(key);
    return answer(stream.head, stream);
  }

  private static Answer answer(HttpHead head, Stream stream) {
    boolean isTimed =
        Nanos.isSet(stream.answeredNanos) && stream.answeredNanos >= stream.askedNanos;
    return new Answer(
        head, stream.status, isTimed ? stream.answeredNanos - stream.askedNanos : Nanos.UNSET);
  }

  /** Has this request no byte of answer yet? */
  boolean isWaiting(HttpMessage m) {
    Stream stream = open.get(new Key(m.node(), m.socketId(), m.stream()));
    return stream != null && !Nanos.isSet(stream.answeredNanos);
  }

  /** The connection's end, or that of what is known of it: what is open stays without a status. */
  List<Answer> end(String node, long socketId) {
    List<Answer> unanswered = new ArrayList<>();
    for (Iterator<Map.Entry<Key, Stream>> all = open.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Key, Stream> each = all.next();
      if (each.getKey().socketId == socketId && each.getKey().node.equals(node)) {
        Stream stream = each.getValue();
        all.remove();
        stream.status = 0;
        if (stream.head != null) {
          unanswered.add(answer(stream.head, stream));
        }
      }
    }
    return unanswered;
  }
}
