package io.hoptoll.store;

import io.hoptoll.correlator.Archive.Tier;
import io.hoptoll.store.StoreCounters.Count;
import java.util.List;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Removes old windows and requests: whole files where all of one is too old, and the rest by range
 * tombstones, which compaction works off.
 */
final class Expiry {
  /** Where there are too many bytes, so much of each tier's time goes at once. */
  private static final int PART = 10;

  private static final int BATCH = 1_000;

  private static final String BYTES = "rocksdb.total-sst-files-size";

  private Expiry() {}

  static void run(Database db, StoreConfig config, long nowSecond, StoreCounters counters)
      throws RocksDBException {
    for (int i = 0; i < config.tiers().size(); i++) {
      Tier tier = config.tiers().get(i);
      remove(db, db.windows(i), nowSecond - tier.keptSeconds());
    }
    if (bytes(db, config) > config.maxBytes()) {
      counters.add(Count.REMOVED_BY_SIZE, 1);
      for (int i = 0; i < config.tiers().size(); i++) {
        long first = first(db, db.windows(i));
        remove(db, db.windows(i), first + (nowSecond - first) / PART);
      }
    }
  }

  /** Requests go by age and by their own bound; their places under their ids go first. */
  static void requests(Database db, StoreConfig config, long nowSecond, StoreCounters counters)
      throws RocksDBException {
    long kept = config.tiers().get(config.tiers().size() - 1).keptSeconds();
    removeRequests(db, nowSecond - kept);
    if (requestBytes(db) > config.maxRequestBytes()) {
      counters.add(Count.REMOVED_BY_SIZE, 1);
      long first = first(db, db.requests());
      removeRequests(db, first + (nowSecond - first) / PART);
    }
  }

  static long requestBytes(Database db) throws RocksDBException {
    return db.db().getLongProperty(db.requests(), BYTES)
        + db.db().getLongProperty(db.bodies(), BYTES)
        + db.db().getLongProperty(db.ids(), BYTES);
  }

  private static void removeRequests(Database db, long beforeSecond) throws RocksDBException {
    try (RocksIterator at = db.db().newIterator(db.requests());
        WriteOptions options = new WriteOptions();
        WriteBatch batch = new WriteBatch()) {
      at.seekToFirst();
      while (at.isValid() && Keys.start(at.key()) < beforeSecond) {
        batch.delete(db.ids(), RequestKey.of(at.key()).byId());
        if (batch.count() >= BATCH) {
          db.db().write(options, batch);
          batch.clear();
        }
        at.next();
      }
      at.status();
      db.db().write(options, batch);
    }
    remove(db, db.bodies(), beforeSecond);
    remove(db, db.requests(), beforeSecond);
  }

  static long bytes(Database db, StoreConfig config) throws RocksDBException {
    long bytes = 0;
    for (int i = 0; i < config.tiers().size(); i++) {
      bytes += db.db().getLongProperty(db.windows(i), BYTES);
    }
    return bytes;
  }

  private static void remove(Database db, ColumnFamilyHandle windows, long beforeSecond)
      throws RocksDBException {
    byte[] from = Keys.of(0);
    byte[] to = Keys.of(Math.max(0, beforeSecond));
    if (first(db, windows) < beforeSecond) {
      db.db().deleteFilesInRanges(windows, List.of(from, to), false);
      db.db().deleteRange(windows, from, to);
    }
  }

  private static long first(Database db, ColumnFamilyHandle windows) throws RocksDBException {
    try (RocksIterator at = db.db().newIterator(windows)) {
      at.seekToFirst();
      at.status();
      return at.isValid() ? Keys.start(at.key()) : Long.MAX_VALUE;
    }
  }
}
