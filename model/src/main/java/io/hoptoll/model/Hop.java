package io.hoptoll.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call from a client pod to a server pod. Either half may be missing (outside the mesh, or its
 * entry was lost).
 *
 * @param attempts server halves of earlier attempts of the same request (retries), oldest first
 */
public record Hop(
    @Nullable HalfHop client, @Nullable HalfHop server, List<HalfHop> attempts, Ledger ledger) {
  public Hop {
    if (client == null && server == null) {
      throw new IllegalArgumentException("a hop without halves");
    }
    attempts = List.copyOf(attempts);
  }

  /** The half that saw the whole hop, else the only one there is. */
  public HalfHop outer() {
    return client != null ? client : java.util.Objects.requireNonNull(server);
  }

  public String requestId() {
    return outer().span().requestId();
  }
}
