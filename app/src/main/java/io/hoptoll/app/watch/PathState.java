package io.hoptoll.app.watch;

import io.hoptoll.correlator.Traffic.TailPart;
import io.hoptoll.correlator.Verdict;
import java.util.List;

/**
 * How one path does.
 *
 * @param tail its requests in parts by rank of their total, fastest first
 */
public record PathState(Verdict verdict, List<TailPart> tail) {
  public PathState {
    tail = List.copyOf(tail);
  }

  /** The slowest hundredth. */
  public TailPart slowest() {
    return tail.get(tail.size() - 1);
  }
}
