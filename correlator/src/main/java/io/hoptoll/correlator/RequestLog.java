package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.model.TextHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The last finished requests, by request id (several may share one), and searched. A ring; each
 * place knows the number of the request before it whose id has the same hash, so that to forget the
 * oldest costs nothing: a number that has left the ring ends the chain.
 */
final class RequestLog {
  private static final int KEPT = Limits.REQUESTS_KEPT;
  private static final int CHAINS = Integer.highestOneBit(KEPT) * 4;

  private final @Nullable FinishedRequest[] ring = new FinishedRequest[KEPT];
  private final long[] before = new long[KEPT];
  private final long[] latest = new long[CHAINS];

  /** Of all requests, and of those that were kept. */
  private long sequence = -1;

  private long added;
  private boolean lean;
  private final Keeping keeping = new Keeping();
  private final JoinCounters counters;

  RequestLog(JoinCounters counters) {
    this.counters = counters;
    Arrays.fill(latest, -1);
  }

  /**
   * Requests are numbered from the microseconds of the first call on: then numbers of a later
   * process are higher, as long as there are fewer than a million requests a second.
   */
  void begin(long wallNanos) {
    sequence = sequence < 0 ? wallNanos / 1_000 : sequence;
    keeping.at(wallNanos);
  }

  /** Keeps the request if it has an id and {@link Keeping} does, for the oldest one when full. */
  FinishedRequest add(PathNode root, String path, Charges charges) {
    FinishedRequest request = new FinishedRequest(sequence++, root, path, charges);
    long id = root.hop().outer().span().requestHash();
    boolean hasFailed = root.hop().outer().span().isError();
    if (id != 0 && !lean && keeping.keeps(request.totalNanos(), hasFailed)) {
      int place = (int) (added % KEPT);
      ring[place] = request;
      before[place] = latest[chain(id)];
      latest[chain(id)] = added++;
    } else {
      counters.add(Count.REQUESTS_NOT_KEPT);
    }
    return request;
  }

  /** Lean: no request is added; those that are there stay. */
  void lean(boolean on) {
    lean = on;
  }

  /** Oldest first. */
  List<FinishedRequest> find(String requestId) {
    List<FinishedRequest> found = new ArrayList<>(2);
    for (long n = latest[chain(TextHash.of(requestId))];
        n >= oldest();
        n = before[(int) (n % KEPT)]) {
      FinishedRequest request = ring[(int) (n % KEPT)];
      if (request != null && request.root().hop().requestId().equals(requestId)) {
        found.add(request);
      }
    }
    Collections.reverse(found);
    return List.copyOf(found);
  }

  List<FinishedRequest> search(RequestSearch search) {
    return LongStream.range(oldest(), added)
        .mapToObj(n -> java.util.Objects.requireNonNull(ring[(int) (n % KEPT)]))
        .filter(search::matches)
        .sorted(search.comparator())
        .limit(search.limit())
        .toList();
  }

  /** The number of the oldest request kept. */
  private long oldest() {
    return Math.max(0, added - KEPT);
  }

  private static int chain(long requestHash) {
    return (int) (requestHash >>> 32) & CHAINS - 1;
  }
}
