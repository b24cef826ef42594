package io.hoptoll.correlator;

import io.hoptoll.model.Party;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Which finished requests are wanted, and in which order.
 *
 * @param path null: all
 * @param fromCode first status code wanted; 0 is "no response"
 * @param toCode last one
 * @param party that owns most of the total; null: any
 * @param minNanos shortest total
 * @param after the last one of the page before; null: from the beginning
 * @param limit size of the page
 */
public record RequestSearch(
    @Nullable String path,
    int fromCode,
    int toCode,
    @Nullable Party party,
    long minNanos,
    Order order,
    @Nullable Position after,
    int limit) {

  /** A page's order; ties by the later one first. */
  public enum Order {
    NEWEST(Comparator.comparingLong(Position::sequence)),
    SLOWEST(Comparator.comparingLong(Position::totalNanos).thenComparingLong(Position::sequence));

    private final Comparator<Position> last;

    Order(Comparator<Position> lastFirst) {
      this.last = lastFirst.reversed();
    }
  }

  /** Where a request stands in either order. */
  public record Position(long totalNanos, long sequence) {
    public static Position of(FinishedRequest r) {
      return new Position(r.totalNanos(), r.sequence());
    }
  }

  boolean matches(FinishedRequest r) {
    int code = r.root().hop().outer().span().outcome().code();
    return (path == null || path.equals(r.path()))
        && fromCode <= code
        && code <= toCode
        && r.totalNanos() >= minNanos
        && (party == null || party == r.largestParty())
        && (after == null || order.last.compare(Position.of(r), after) > 0);
  }

  Comparator<FinishedRequest> comparator() {
    return Comparator.comparing(Position::of, order.last);
  }
}
