package io.hoptoll.store;

import io.hoptoll.correlator.Archive.Tier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RateLimiter;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** An open RocksDB: one column family of notes, one a tier, three of single requests. */
final class Database implements AutoCloseable {
  /**
   * Raise it when the meaning of bytes changes that carry no version of their own, and when there
   * is one more column family: 1 had windows, 2 has single requests, too. A store of an earlier one
   * is opened and becomes this one; earlier versions refuse it from then on.
   */
  static final int SCHEMA = 2;

  private static final List<String> REQUESTS = List.of("requests", "request-bodies", "request-ids");

  private static final byte[] SCHEMA_KEY = "schema".getBytes(StandardCharsets.UTF_8);
  private static final int BLOOM_BITS = 10;
  private static final int BLOCK_BYTES = 16 << 10;
  private static final int FILE_BYTES = 16 << 20;

  static {
    RocksDB.loadLibrary();
  }

  private final List<AutoCloseable> owned = new ArrayList<>();
  private final List<ColumnFamilyHandle> families = new ArrayList<>();
  private final RocksDB db;
  private final int tierCount;

  private Database(Path directory, List<Tier> tiers) throws RocksDBException {
    Cache cache = own(new LRUCache(Limits.CACHE_BYTES));
    ColumnFamilyOptions options = own(familyOptions(cache));
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    tierCount = tiers.size();
    for (String name : names(tiers)) {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      descriptors.add(new ColumnFamilyDescriptor(bytes, options));
    }
    try {
      db = RocksDB.open(own(databaseOptions()), directory.toString(), descriptors, families);
    } catch (RocksDBException e) {
      closeOwned();
      throw e;
    }
  }

  private static List<String> names(List<Tier> tiers) {
    List<String> names = new ArrayList<>();
    names.add(new String(RocksDB.DEFAULT_COLUMN_FAMILY, StandardCharsets.UTF_8));
    tiers.forEach(tier -> names.add("windows-" + tier.seconds() + "s"));
    names.addAll(REQUESTS);
    return names;
  }

  /**
   * Opens or makes it.
   *
   * @throws StoreException with words
   */
  static Database open(Path directory, List<Tier> tiers) throws StoreException {
    Database database;
    try {
      Files.createDirectories(directory);
      checkFamilies(directory, names(tiers));
      database = new Database(directory, tiers);
    } catch (IOException e) {
      throw new StoreException(
          "store.dir " + directory + " cannot be made (" + e + "); name one that can, or off", e);
    } catch (RocksDBException e) {
      throw new StoreException(Words.of(directory, e), e);
    }
    try {
      database.checkSchema(directory);
      return database;
    } catch (StoreException | RocksDBException e) {
      database.close();
      throw e instanceof StoreException words
          ? words
          : new StoreException(Words.of(directory, (RocksDBException) e), e);
    }
  }

  /** RocksDB opens all column families or none: of those of a newer version it says no more. */
  private static void checkFamilies(Path directory, List<String> known)
      throws StoreException, RocksDBException {
    if (!Files.exists(directory.resolve("CURRENT"))) {
      return; // there is no store yet
    }
    List<String> unknown = new ArrayList<>();
    try (Options options = new Options()) {
      for (byte[] name : RocksDB.listColumnFamilies(options, directory.toString())) {
        unknown.add(new String(name, StandardCharsets.UTF_8));
      }
    }
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw refused(directory, "keeps " + String.join(", ", unknown), "does not know");
    }
  }

  /** An earlier one becomes this one: what it lacked has been made as it was opened. */
  private void checkSchema(Path directory) throws StoreException, RocksDBException {
    byte[] found = db.get(SCHEMA_KEY);
    if (found != null && (found.length != 1 || found[0] < 1 || found[0] > SCHEMA)) {
      String schema =
          found.length == 1 ? "schema " + (found[0] & 0xFF) : "a schema of " + found.length + " B";
      throw refused(directory, "has " + schema, "reads " + SCHEMA + " and earlier ones");
    }
    if (found == null || found[0] != SCHEMA) {
      db.put(SCHEMA_KEY, new byte[] {SCHEMA});
    }
  }

  private static StoreException refused(Path directory, String what, String butThis) {
    return new StoreException(
        "store.dir "
            + directory
            + " "
            + what
            + ", this Hoptoll "
            + butThis
            + ": run the newer one that wrote it, or name another directory (or move this one"
            + " away)");
  }

  private DBOptions databaseOptions() {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setMaxBackgroundJobs(Limits.BACKGROUND_JOBS)
        .setDbWriteBufferSize(Limits.WRITE_BUFFER_BYTES)
        .setMaxTotalWalSize(2 * Limits.WRITE_BUFFER_BYTES)
        .setMaxOpenFiles(Limits.OPEN_FILES)
        .setRateLimiter(own(new RateLimiter(Limits.BACKGROUND_BYTES_PER_SECOND)))
        .setKeepLogFileNum(2)
        .setMaxLogFileSize(1 << 20)
        .setStatsDumpPeriodSec(0)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL);
  }

  /** Keys grow with time: files hardly overlap, so that compaction mostly moves them. */
  private ColumnFamilyOptions familyOptions(Cache cache) {
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setBlockSize(BLOCK_BYTES)
            .setCacheIndexAndFilterBlocks(true)
            .setPinL0FilterAndIndexBlocksInCache(true)
            .setFilterPolicy(own(new BloomFilter(BLOOM_BITS)));
    return new ColumnFamilyOptions()
        .setTableFormatConfig(table)
        .setTargetFileSizeBase(FILE_BYTES)
        .setLevelCompactionDynamicLevelBytes(true)
        .setCompressionType(CompressionType.LZ4_COMPRESSION);
  }

  void flush() throws RocksDBException {
    try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
      db.flush(options, families);
    }
  }

  RocksDB db() {
    return db;
  }

  ColumnFamilyHandle notes() {
    return families.get(0);
  }

  ColumnFamilyHandle windows(int tier) {
    return families.get(tier + 1);
  }

  /** Rows of single requests, by time. */
  ColumnFamilyHandle requests() {
    return families.get(tierCount + 1);
  }

  /** Bodies of the same under the same keys. */
  ColumnFamilyHandle bodies() {
    return families.get(tierCount + 2);
  }

  /** Where the requests of an id are. */
  ColumnFamilyHandle ids() {
    return families.get(tierCount + 3);
  }

  private <T extends AutoCloseable> T own(T part) {
    owned.add(part);
    return part;
  }

  @Override
  public void close() {
    families.forEach(ColumnFamilyHandle::close);
    db.close();
    closeOwned();
  }

  private void closeOwned() {
    for (int i = owned.size() - 1; i >= 0; i--) {
      close(owned.get(i));
    }
  }

  private static void close(@Nullable AutoCloseable part) {
    try {
      if (part != null) {
        part.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException("RocksDB's parts close without exceptions", e);
    }
  }
}
