package io.hoptoll.app.profile;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.HttpCall;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The latest calls on a pod's own sockets, until the requests that they are part of are joined: by
 * socket and turn, of HTTP/2, where a turn is no request, by socket, x-request-id, method and path.
 * Where two have the same, it is not known which is meant. The oldest go.
 */
final class RecentCalls {
  /**
   * @param asked method, path and x-request-id; empty where the turn tells them apart
   */
  private record Key(long socketId, int turn, String asked) {
    static Key ofStream(long socketId, String requestId, String method, String path) {
      int query = path.indexOf('?');
      String bare = query < 0 ? path : path.substring(0, query);
      return new Key(socketId, -1, method + ' ' + bare + ' ' + requestId);
    }
  }

  /** Empty: of several. */
  private final Map<Key, Optional<HttpCall>> recent =
      new LinkedHashMap<>(64) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Optional<HttpCall>> eldest) {
          boolean isFull = size() > Limits.RECENT_CALLS;
          forgotten += isFull ? 1 : 0;
          return isFull;
        }
      };

  private long forgotten;

  void add(HttpCall call) {
    String id = call.request().requestId();
    if (call.turn() >= 0) {
      put(new Key(call.socketId(), call.turn(), ""), call);
    } else if (!id.isEmpty()) {
      String method = call.request().method();
      put(Key.ofStream(call.socketId(), id, method, call.request().path()), call);
    }
  }

  private void put(Key key, HttpCall call) {
    recent.merge(key, Optional.of(call), (before, again) -> Optional.empty());
  }

  /** The app's own of this call; null where none is known. */
  @Nullable HttpCall of(Hop hop, boolean served) {
    HalfHop half = served ? hop.server() : hop.client();
    Exchange app = half == null ? null : served ? half.servingApp() : half.callingApp();
    if (half == null || app == null) {
      return null;
    }
    return app.has(Exchange.MULTIPLEXED)
        ? ofStream(
            app.socketId(), hop.requestId(), half.span().request().method(), half.span().path())
        : find(new Key(app.socketId(), app.turn(), ""));
  }

  /**
   * @param path with its query or without
   */
  @Nullable HttpCall ofStream(long socketId, String requestId, String method, String path) {
    return find(Key.ofStream(socketId, requestId, method, path));
  }

  private @Nullable HttpCall find(Key key) {
    return recent.getOrDefault(key, Optional.empty()).orElse(null);
  }

  /** Calls that others displaced. */
  long forgotten() {
    return forgotten;
  }

  void clear() {
    recent.clear();
  }
}
