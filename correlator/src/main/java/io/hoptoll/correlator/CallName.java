package io.hoptoll.correlator;

import io.hoptoll.model.Hop;
import io.hoptoll.model.TextHash;
import org.jspecify.annotations.Nullable;

/**
 * What a call and the request that caused it have in common: the request's id, or the trace's, and
 * the pod that served the one and made the other. Hash and equality by hand: it is looked up
 * several times a hop.
 *
 * @param <T> what bears the name
 */
final class CallName<T> {
  /**
   * Of what bears no such name; in no table. An object, not null: by its dumps, C2 of JDK 17.0.15
   * moved the read of a name's hash before the question whether it is null, and the server died.
   */
  private static final CallName<?> NONE = new CallName<>(new Object(), 0, PodKey.UNKNOWN);

  private static final int TRACE_ID_AT = 3;
  private static final int TRACE_ID_END = 35;

  final T owner;
  final int hash;

  /** In the {@link NameTable} that holds it. */
  @Nullable CallName<T> next;

  /** {@link TextHash} of the id that they share. */
  private final long id;

  private final PodKey pod;

  private CallName(T owner, long id, PodKey pod) {
    this.owner = owner;
    this.id = id;
    this.pod = pod;
    this.hash = 31 * Long.hashCode(id) + pod.hashCode();
  }

  @SuppressWarnings("unchecked") // nobody asks whose it is
  static <T> CallName<T> none() {
    return (CallName<T>) NONE;
  }

  boolean isNone() {
    return this == NONE;
  }

  /** {@link #none} where the hop has no request id. */
  static <T> CallName<T> request(T owner, Hop hop, PodKey pod) {
    long id = hop.outer().span().requestHash();
    return id == 0 ? none() : new CallName<>(owner, id, pod);
  }

  /**
   * By the W3C traceparent ({@code version-traceid-parentid-flags}); none where the hop has none.
   */
  static <T> CallName<T> trace(T owner, Hop hop, PodKey pod) {
    String traceparent = hop.outer().span().traceparent();
    return traceparent.length() < TRACE_ID_END
        ? none()
        : new CallName<>(owner, TextHash.of(traceparent.substring(TRACE_ID_AT, TRACE_ID_END)), pod);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof CallName<?> n && id == n.id && pod.equals(n.pod);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
