package io.hoptoll.correlator;

import io.hoptoll.model.Party;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One page of the finished requests that are wanted.
 *
 * @param after the last one of the page before; null: from the beginning
 * @param limit size of the page
 */
public record RequestSearch(Filter filter, Order order, @Nullable Position after, int limit) {

  /**
   * All of these; {@link #ALL} wants every request.
   *
   * @param path null: any
   * @param fromCode first status code wanted; 0 is "no response"
   * @param toCode last one
   * @param party that owns most of the total; null: any
   * @param minNanos shortest total
   * @param fromWallNanos earliest end
   * @param toWallNanos first end that is too late
   */
  public record Filter(
      @Nullable String path,
      int fromCode,
      int toCode,
      @Nullable Party party,
      long minNanos,
      long fromWallNanos,
      long toWallNanos) {
    public static final Filter ALL = new Filter(null, 0, 999, null, 0, 0, Long.MAX_VALUE);

    boolean matches(FinishedRequest r) {
      int code = r.root().hop().outer().span().outcome().code();
      long end = r.endWallNanos();
      return (path == null || path.equals(r.path()))
          && fromCode <= code
          && code <= toCode
          && r.totalNanos() >= minNanos
          && fromWallNanos <= end
          && end < toWallNanos
          && (party == null || party == r.largestParty());
    }
  }

  /** A page's order; ties by the later one first. */
  public enum Order {
    NEWEST(Comparator.comparingLong(Position::sequence)),
    SLOWEST(Comparator.comparingLong(Position::totalNanos).thenComparingLong(Position::sequence));

    private final Comparator<Position> order;

    Order(Comparator<Position> lastFirst) {
      this.order = lastFirst.reversed();
    }
  }

  /** Where a request stands in either order. */
  public record Position(long totalNanos, long sequence) {
    public static Position of(FinishedRequest r) {
      return new Position(r.totalNanos(), r.sequence());
    }
  }

  boolean matches(FinishedRequest r) {
    boolean onThisPage = after == null || order.order.compare(Position.of(r), after) > 0;
    return onThisPage && filter.matches(r);
  }

  Comparator<FinishedRequest> comparator() {
    return Comparator.comparing(Position::of, order.order);
  }
}
