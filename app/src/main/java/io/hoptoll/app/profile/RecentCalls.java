package io.hoptoll.app.profile;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.HttpCall;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The latest calls on a pod's own sockets, until the requests that they are part of are joined: by
 * socket and turn, of HTTP/2, where a turn is no request, by socket and x-request-id. The oldest
 * go.
 */
final class RecentCalls {
  private record Key(long socketId, int turn, String requestId) {}

  private final Map<Key, HttpCall> recent =
      new LinkedHashMap<>(64) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, HttpCall> eldest) {
          return size() > Limits.RECENT_CALLS;
        }
      };

  void add(HttpCall call) {
    if (call.turn() >= 0) {
      recent.put(new Key(call.socketId(), call.turn(), ""), call);
    } else if (!call.request().requestId().isEmpty()) {
      recent.put(new Key(call.socketId(), -1, call.request().requestId()), call);
    }
  }

  /** The app's own of this call; null where none is known. */
  @Nullable HttpCall of(Hop hop, boolean served) {
    HalfHop half = served ? hop.server() : hop.client();
    Exchange app = half == null ? null : served ? half.servingApp() : half.callingApp();
    if (app == null) {
      return null;
    }
    return app.has(Exchange.MULTIPLEXED)
        ? recent.get(new Key(app.socketId(), -1, hop.requestId()))
        : recent.get(new Key(app.socketId(), app.turn(), ""));
  }
}
