package io.hoptoll.correlator;

import io.hoptoll.model.Hop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call and the request that caused it have in common: the request's id, or the trace's, and
 * the pod that served the one and made the other. Hash and equality by hand: it is looked up
 * several times a hop.
 */
final class CallName {
  private static final int TRACE_ID_AT = 3;
  private static final int TRACE_ID_END = 35;

  private final String id;
  private final PodKey pod;
  private final int hash;

  private CallName(String id, PodKey pod) {
    this.id = id;
    this.pod = pod;
    this.hash = 31 * id.hashCode() + pod.hashCode();
  }

  /** Null: the hop has no request id. */
  static @Nullable CallName request(Hop hop, PodKey pod) {
    String id = hop.requestId();
    return id.isEmpty() ? null : new CallName(id, pod);
  }

  /** By the W3C traceparent ({@code version-traceid-parentid-flags}); null: the hop has none. */
  static @Nullable CallName trace(Hop hop, PodKey pod) {
    String traceparent = hop.outer().span().request().traceparent();
    return traceparent.length() < TRACE_ID_END
        ? null
        : new CallName(traceparent.substring(TRACE_ID_AT, TRACE_ID_END), pod);
  }

  /** Those of the two that there are, the request first. */
  static List<CallName> both(@Nullable CallName request, @Nullable CallName trace) {
    if (request == null) {
      return trace == null ? List.of() : List.of(trace);
    }
    return trace == null ? List.of(request) : List.of(request, trace);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof CallName n && hash == n.hash && id.equals(n.id) && pod.equals(n.pod);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
