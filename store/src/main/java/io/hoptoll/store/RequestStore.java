package io.hoptoll.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * Single requests beside the windows, as bytes that whoever wrote them understands: a short row to
 * search, and a body. At most {@link StoreConfig#maxRequestBytes()} of them: the oldest go first.
 */
public final class RequestStore {
  /**
   * @param id its x-request-id; several may share one
   * @param row what a search looks at; not empty
   * @param body all of it; not empty
   */
  public record Kept(long endSecond, long sequence, String id, byte[] row, byte[] body) {
    RequestKey key() {
      return new RequestKey(endSecond, sequence, RequestKey.hash(id));
    }
  }

  /** Takes rows; false: no more of them. */
  public interface Rows {
    boolean take(byte[] row);
  }

  private final Store store;

  RequestStore(Store store) {
    this.store = store;
  }

  /** Together or not at all, soon; never waits. */
  public void write(List<Kept> requests) {
    store.offer(new Batch.OfRequests(List.copyOf(requests)));
  }

  /**
   * Rows of requests that ended in a range, the latest first.
   *
   * @param most so many rows at most
   */
  public void rows(long fromSecond, long toSecond, int most, Rows out) {
    store.ask(
        db -> {
          try (Slice low = new Slice(RequestKey.first(Math.max(0, fromSecond)));
              ReadOptions options = new ReadOptions().setIterateLowerBound(low);
              RocksIterator at = db.db().newIterator(db.requests(), options)) {
            int n = 0;
            at.seekForPrev(RequestKey.first(toSecond));
            while (at.isValid() && n++ < most && out.take(at.value())) {
              at.prev();
            }
            at.status();
            return true;
          }
        },
        false);
  }

  /**
   * Bodies of all requests that may bear the id (equal hashes are not told apart), oldest first.
   */
  public List<byte[]> bodies(String id, int most) {
    List<byte[]> found = new ArrayList<>();
    return store.ask(
        db -> {
          for (RequestKey key : keys(db, RequestKey.hash(id), most)) {
            byte @Nullable [] body = db.db().get(db.bodies(), key.bytes());
            if (body != null) {
              found.add(body);
            }
          }
          return found;
        },
        found);
  }

  private static List<RequestKey> keys(Database db, long hash, int most) throws RocksDBException {
    List<RequestKey> keys = new ArrayList<>();
    byte[] from = RequestKey.first(hash);
    try (RocksIterator at = db.db().newIterator(db.ids())) {
      at.seek(from);
      while (at.isValid() && keys.size() < most && startsWith(at.key(), from)) {
        keys.add(RequestKey.ofId(at.key()));
        at.next();
      }
      at.status();
    }
    return keys;
  }

  private static boolean startsWith(byte[] key, byte[] hash) {
    return Arrays.equals(key, 0, Long.BYTES, hash, 0, Long.BYTES);
  }

  /** Bytes of their files, about; what is in memory only counts once it is flushed. */
  public long bytes() {
    return Objects.requireNonNull(store.ask(Expiry::requestBytes, 0L));
  }
}
