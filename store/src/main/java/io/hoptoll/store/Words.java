package io.hoptoll.store;

import java.nio.file.Path;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What failed, where, and what to do. */
final class Words {
  private Words() {}

  static String of(Path directory, RocksDBException e) {
    return "store.dir " + directory + ": " + advice(e) + " (RocksDB: " + e.getMessage() + ")";
  }

  private static String advice(RocksDBException e) {
    String said = String.valueOf(e.getMessage());
    Status status = e.getStatus();
    if (isNoSpace(e)) {
      return "no space left on its file system; free some, or lower store.maxBytes or"
          + " store.retention: writing goes on by itself";
    }
    if (said.contains("lock")) {
      return "another process has it open; give each its own directory";
    }
    if (status != null && status.getCode() == Status.Code.Corruption) {
      return "its files are damaged; move the directory away, and Hoptoll begins anew";
    }
    return "it cannot be used; check that this user may write there, or set store.dir: off";
  }

  static boolean isNoSpace(RocksDBException e) {
    Status status = e.getStatus();
    return status != null && status.getSubCode() == Status.SubCode.NoSpace
        || String.valueOf(e.getMessage()).contains("No space left");
  }
}
