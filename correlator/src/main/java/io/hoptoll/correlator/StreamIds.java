package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Latest;
import io.hoptoll.model.SidecarSpan;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many streams of a multiplexed connection bore the same request id lately, sent and received.
 * Retries, hedges and careless apps repeat an id; then it says nothing of who belongs to whom.
 */
final class StreamIds {
  /** The connection by its connecting end. */
  private record Key(Endpoint connection, String requestId) {}

  private static final class Seen {
    int sent;
    int received;
  }

  private final Map<Key, Seen> all = new Latest<>(Limits.HALVES_WAITING);

  void add(SidecarSpan span, boolean isSent) {
    if (span.requestId().isEmpty()) {
      return;
    }
    Seen seen = all.computeIfAbsent(key(span, isSent), k -> new Seen());
    if (isSent) {
      seen.sent++;
    } else {
      seen.received++;
    }
  }

  /** Each alone with its id, on one and the same connection. */
  boolean areUnique(SidecarSpan client, SidecarSpan server) {
    Key key = key(client, true);
    @Nullable Seen seen = all.get(key);
    return seen != null && key.equals(key(server, false)) && seen.sent == 1 && seen.received == 1;
  }

  private static Key key(SidecarSpan span, boolean isSent) {
    SidecarSpan.Addresses a = span.addresses();
    Endpoint connection = isSent ? a.upstreamLocal() : a.downstreamDirectRemote();
    return new Key(connection, span.requestId());
  }
}
