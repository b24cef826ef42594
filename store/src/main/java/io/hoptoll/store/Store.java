package io.hoptoll.store;

import io.hoptoll.correlator.Archive;
import io.hoptoll.store.StoreCounters.Count;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Windows by retention tiers, and single requests, in RocksDB. A write that returned survives the
 * process ({@code kill -9}): it is in the log that the kernel has. It may not survive the machine's
 * power.
 */
public final class Store implements Archive, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Store.class);

  private static final byte[] NOTHING = {};

  private final StoreConfig config;
  private final StoreCounters counters = new StoreCounters();

  /** Readers and writers share; opening anew excludes both. */
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  private final WriteOptions writeOptions = new WriteOptions();
  private final ReadOptions readOptions = new ReadOptions();
  private final Writer writer;
  private final RequestStore requests = new RequestStore(this);
  private @Nullable Database database;
  private volatile String problem = "";

  private Store(StoreConfig config, Database database) {
    this.config = config;
    this.database = database;
    this.writer = new Writer(this, counters);
  }

  /**
   * Opens or makes it.
   *
   * @throws StoreException with words: not writable, in use, damaged, another schema
   */
  public static Store open(StoreConfig config) throws StoreException {
    Store store = new Store(config, Database.open(config.directory(), config.tiers()));
    store.writer.start();
    return store;
  }

  @Override
  public List<Tier> tiers() {
    return config.tiers();
  }

  @Override
  public void write(Tier tier, long startSecond, List<Entry> parts) {
    offer(new Batch.OfWindow(config.tiers().indexOf(tier), startSecond, parts));
  }

  /** Never waits. */
  void offer(Batch batch) {
    writer.offer(batch);
  }

  /** Single requests beside the windows. */
  public RequestStore requests() {
    return requests;
  }

  /** Writes at once, on the writer's thread. */
  void put(Batch what) throws RocksDBException {
    lock.readLock().lock();
    try (WriteBatch batch = new WriteBatch()) {
      Database open = opened();
      long bytes = what.addTo(batch, open);
      open.db().write(writeOptions, batch);
      counters.add(what.written(), what.size());
      counters.add(Count.BYTES_WRITTEN, bytes);
      problem = "";
    } finally {
      lock.readLock().unlock();
    }
  }

  /** After a failed write RocksDB refuses more: it takes them again once it is opened anew. */
  void failed(RocksDBException e) {
    String words = Words.of(config.directory(), e);
    if (problem.isEmpty()) {
      LOG.warn("{}", words);
    }
    problem = words;
    counters.add(Count.WRITE_FAILURES, 1);
  }

  void reopen() {
    lock.writeLock().lock();
    try {
      if (database != null) {
        database.close();
        database = null;
      }
      database = Database.open(config.directory(), config.tiers());
      counters.add(Count.REOPENED, 1);
    } catch (StoreException e) {
      problem = String.valueOf(e.getMessage());
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public byte @Nullable [] read(Tier tier, long startSecond, byte[] name) {
    int number = config.tiers().indexOf(tier);
    return got(db -> db.db().get(db.windows(number), readOptions, Keys.of(startSecond, name)));
  }

  @Override
  public List<Entry> scan(Tier tier, long startSecond, byte kind) {
    int number = config.tiers().indexOf(tier);
    List<Entry> found = new ArrayList<>();
    byte[] end = Keys.of(startSecond, (byte) (kind + 1));
    return ask(
        db -> {
          try (Slice bound = new Slice(end);
              ReadOptions options = new ReadOptions().setIterateUpperBound(bound);
              RocksIterator at = db.db().newIterator(db.windows(number), options)) {
            for (at.seek(Keys.of(startSecond, kind)); at.isValid(); at.next()) {
              found.add(new Entry(Keys.name(at.key()), at.value()));
            }
            at.status();
            return found;
          }
        },
        found);
  }

  @Override
  public long lastStart(Tier tier) {
    int number = config.tiers().indexOf(tier);
    return ask(db -> last(db, db.windows(number)), -1L);
  }

  private static long last(Database db, ColumnFamilyHandle windows) throws RocksDBException {
    try (RocksIterator at = db.db().newIterator(windows)) {
      at.seekToLast();
      at.status();
      return at.isValid() ? Keys.start(at.key()) : -1L;
    }
  }

  @Override
  public byte @Nullable [] note(String key) {
    byte[] name = ("note/" + key).getBytes(StandardCharsets.UTF_8);
    return got(db -> db.db().get(db.notes(), readOptions, name));
  }

  @Override
  public void writeNote(String key, byte[] value) {
    byte[] name = ("note/" + key).getBytes(StandardCharsets.UTF_8);
    ask(
        db -> {
          db.db().put(db.notes(), writeOptions, name, value);
          return value;
        },
        value);
  }

  /** Removes what is older than its tier keeps, and what is too much. */
  void expire(long nowSecond) {
    ask(
        db -> {
          Expiry.run(db, config, nowSecond, counters);
          Expiry.requests(db, config, nowSecond, counters);
          return true;
        },
        false);
  }

  /** A question to RocksDB. */
  interface Question<T extends @Nullable Object> {
    T ask(Database database) throws RocksDBException;
  }

  /** No value is empty: each begins with its version. */
  private byte @Nullable [] got(Question<byte @Nullable []> get) {
    byte[] value =
        ask(
            db -> {
              byte[] found = get.ask(db);
              return found == null ? NOTHING : found;
            },
            NOTHING);
    return value.length == 0 ? null : value;
  }

  <T> T ask(Question<T> question, T otherwise) {
    lock.readLock().lock();
    try {
      return database == null ? otherwise : question.ask(database);
    } catch (RocksDBException e) {
      counters.add(Count.READ_FAILURES, 1);
      problem = Words.of(config.directory(), e);
      return otherwise;
    } finally {
      lock.readLock().unlock();
    }
  }

  private Database opened() throws RocksDBException {
    if (database == null) {
      throw new RocksDBException("closed after a failure");
    }
    return database;
  }

  /** What is wrong now and what to do; empty when nothing is. */
  public String problem() {
    return problem;
  }

  public StoreCounters counters() {
    return counters;
  }

  /** Windows that wait to be written. */
  public int waiting() {
    return writer.waiting();
  }

  /** Puts what is in memory into files: {@link #bytes} then counts it, too. */
  public void flush() {
    ask(
        db -> {
          db.flush();
          return true;
        },
        false);
  }

  /** Bytes of all files, about. */
  public long bytes() {
    return ask(db -> Expiry.bytes(db, config), 0L);
  }

  /** Writes what waits, and closes. */
  @Override
  public void close() {
    writer.close();
    lock.writeLock().lock();
    try {
      if (database != null) {
        database.close();
        database = null;
      }
    } finally {
      lock.writeLock().unlock();
    }
    writeOptions.close();
    readOptions.close();
  }
}
