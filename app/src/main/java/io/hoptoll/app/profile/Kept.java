package io.hoptoll.app.profile;

import io.hoptoll.correlator.FinishedRequest;
import io.hoptoll.correlator.PathNode;
import io.hoptoll.model.HttpCall;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Requests with their trees, ledgers and sockets, bounded by bytes: the slowest stay. */
public final class Kept {
  /**
   * A request and the call in it that the pod served or made.
   *
   * @param served it answered that call, else it made it
   * @param app the same call as the pod's app has it on its own socket; null where its heads were
   *     not read, or no call of theirs is known to be this one
   */
  public record Sample(
      FinishedRequest request, PathNode call, boolean served, @Nullable HttpCall app) {
    public long nanos() {
      return call.hop().ledger().totalNanos();
    }

    long bytes() {
      return (long) request.root().size() * Limits.BYTES_PER_HOP;
    }
  }

  private static final Comparator<Sample> FASTEST_FIRST =
      Comparator.comparingLong(Sample::nanos).thenComparingLong(s -> s.request().sequence());

  private final TreeSet<Sample> samples = new TreeSet<>(FASTEST_FIRST);
  private long bytes;
  private long leftOut;

  void add(Sample sample) {
    samples.add(sample);
    bytes += sample.bytes();
    while (bytes > Limits.BYTES_PER_TASK) {
      dropFastest();
    }
  }

  /** Makes room for others; false: nothing is kept. */
  boolean dropFastest() {
    Sample fastest = samples.pollFirst();
    if (fastest == null) {
      return false;
    }
    bytes -= fastest.bytes();
    leftOut++;
    return true;
  }

  /** Slowest first. */
  public List<Sample> slowest(int limit) {
    return samples.descendingSet().stream().limit(limit).toList();
  }

  /** Those of one x-request-id, slowest first. */
  public List<Sample> of(String requestId) {
    return samples.descendingSet().stream()
        .filter(s -> s.request().root().hop().requestId().equals(requestId))
        .toList();
  }

  public int size() {
    return samples.size();
  }

  /** By {@link Limits#BYTES_PER_HOP}. */
  public long bytes() {
    return bytes;
  }

  /** Requests that matched and went again, because slower ones filled the bytes allowed. */
  public long leftOut() {
    return leftOut;
  }
}
