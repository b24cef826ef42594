package io.hoptoll.store;

import io.hoptoll.correlator.Archive.Entry;
import io.hoptoll.store.RequestStore.Kept;
import io.hoptoll.store.StoreCounters.Count;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** What is written together or not at all. */
sealed interface Batch {
  /** Adds its keys and values; their bytes. */
  long addTo(WriteBatch batch, Database db) throws RocksDBException;

  Count written();

  Count lost();

  /** How many are written or lost with it. */
  int size();

  /** Parts of one window. */
  record OfWindow(int tier, long startSecond, List<Entry> parts) implements Batch {
    @Override
    public long addTo(WriteBatch batch, Database db) throws RocksDBException {
      long bytes = 0;
      for (Entry part : parts) {
        byte[] key = Keys.of(startSecond, part.name());
        batch.put(db.windows(tier), key, part.value());
        bytes += key.length + part.value().length;
      }
      return bytes;
    }

    @Override
    public Count written() {
      return Count.WINDOWS_WRITTEN;
    }

    @Override
    public Count lost() {
      return Count.WINDOWS_LOST;
    }

    @Override
    public int size() {
      return 1;
    }
  }

  /** Requests, each with its row, its body and its place under its id. */
  record OfRequests(List<Kept> requests) implements Batch {
    @Override
    public long addTo(WriteBatch batch, Database db) throws RocksDBException {
      long bytes = 0;
      for (Kept r : requests) {
        RequestKey key = r.key();
        batch.put(db.requests(), key.bytes(), r.row());
        batch.put(db.bodies(), key.bytes(), r.body());
        batch.put(db.ids(), key.byId(), RequestKey.PRESENT);
        bytes += 3L * RequestKey.BYTES + r.row().length + r.body().length;
      }
      return bytes;
    }

    @Override
    public Count written() {
      return Count.REQUESTS_WRITTEN;
    }

    @Override
    public Count lost() {
      return Count.REQUESTS_LOST;
    }

    @Override
    public int size() {
      return requests.size();
    }
  }
}
