package io.hoptoll.correlator;

import io.hoptoll.model.Hop;
import org.jspecify.annotations.Nullable;

/**
 * What a call and the request that caused it have in common: the request's id, or the trace's, and
 * the pod that served the one and made the other. Hash and equality by hand: it is looked up
 * several times a hop.
 *
 * @param <T> what bears the name
 */
final class CallName<T> {
  private static final int TRACE_ID_AT = 3;
  private static final int TRACE_ID_END = 35;

  final T owner;
  final int hash;

  /** In the {@link NameTable} that holds it. */
  @Nullable CallName<T> next;

  private final String id;
  private final PodKey pod;

  private CallName(T owner, String id, PodKey pod) {
    this.owner = owner;
    this.id = id;
    this.pod = pod;
    this.hash = 31 * id.hashCode() + pod.hashCode();
  }

  /** Null: the hop has no request id. */
  static <T> @Nullable CallName<T> request(T owner, Hop hop, PodKey pod) {
    String id = hop.requestId();
    return id.isEmpty() ? null : new CallName<>(owner, id, pod);
  }

  /** By the W3C traceparent ({@code version-traceid-parentid-flags}); null: the hop has none. */
  static <T> @Nullable CallName<T> trace(T owner, Hop hop, PodKey pod) {
    String traceparent = hop.outer().span().traceparent();
    return traceparent.length() < TRACE_ID_END
        ? null
        : new CallName<>(owner, traceparent.substring(TRACE_ID_AT, TRACE_ID_END), pod);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof CallName<?> n && hash == n.hash && id.equals(n.id) && pod.equals(n.pod);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
