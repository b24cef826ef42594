package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;
import java.util.Comparator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One page of the finished requests that are wanted.
 *
 * @param after the last one of the page before; null: from the beginning
 * @param limit size of the page
 */
public record RequestSearch(Filter filter, Order order, @Nullable Position after, int limit) {

  /** What a search looks at, of a request in memory or in a store. */
  public interface Row {
    /** Grows with time, also over restarts. */
    long sequence();

    String path();

    /** Of its first hop; 0: no response. */
    int code();

    long totalNanos();

    /** When it ended, wall clock, ns. */
    long endWallNanos();

    /** The party that owns most of the total. */
    Party largestParty();

    /** The hop of the leg that took most of the total. */
    Edge largestEdge();

    /** Why hops of it failed. */
    Set<Cause> failures();
  }

  /**
   * All of these; {@link #ALL} wants every request.
   *
   * @param path null: any
   * @param fromCode first status code wanted; 0 is "no response"
   * @param toCode last one
   * @param party that owns most of the total; null: any
   * @param edge hop of the leg that took most of the total; null: any
   * @param failure why a hop of it failed; null: any or none
   * @param minNanos shortest total
   * @param fromWallNanos earliest end
   * @param toWallNanos first end that is too late
   */
  public record Filter(
      @Nullable String path,
      int fromCode,
      int toCode,
      @Nullable Party party,
      @Nullable Edge edge,
      @Nullable Cause failure,
      long minNanos,
      long fromWallNanos,
      long toWallNanos) {
    public static final Filter ALL =
        new Filter(null, 0, 999, null, null, null, 0, 0, Long.MAX_VALUE);

    boolean matches(Row r) {
      int code = r.code();
      long end = r.endWallNanos();
      return (path == null || path.equals(r.path()))
          && fromCode <= code
          && code <= toCode
          && r.totalNanos() >= minNanos
          && fromWallNanos <= end
          && end < toWallNanos
          && (party == null || party == r.largestParty())
          && (edge == null || edge.equals(r.largestEdge()))
          && (failure == null || r.failures().contains(failure));
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
    public static Position of(Row r) {
      return new Position(r.totalNanos(), r.sequence());
    }
  }

  /** Whether it belongs to this page or a later one. */
  public boolean matches(Row r) {
    boolean onThisPage = after == null || order.order.compare(Position.of(r), after) > 0;
    return onThisPage && filter.matches(r);
  }

  /** First of the page first. */
  public Comparator<Row> comparator() {
    return Comparator.comparing(Position::of, order.order);
  }
}
