package io.hoptoll.wire;

import io.hoptoll.wire.v1.Hello;
import io.hoptoll.wire.v1.Probes;
import io.hoptoll.wire.v1.Status;

/** What the server counts of one node, and what its agent said last. */
final class NodeCounters {
  private boolean connected;
  private String address = "";
  private Hello hello = Hello.getDefaultInstance();
  private Status status = Status.getDefaultInstance();
  private long heardNanos;
  private long heardMillis;
  private long lagNanos;
  private long applied;
  private long batches;
  private long records;
  private long duplicates;
  private long malformed;
  private long unknown;

  synchronized void hello(Hello by, String from, long nowNanos) {
    if (by.getEpoch() != hello.getEpoch()) {
      applied = 0;
      status = Status.getDefaultInstance();
    }
    hello = by;
    address = from;
    connected = true;
    heard(nowNanos);
  }

  synchronized void disconnected() {
    connected = false;
  }

  synchronized void heard(long nowNanos) {
    heardNanos = nowNanos;
    heardMillis = System.currentTimeMillis();
  }

  synchronized long silentNanos(long nowNanos) {
    return nowNanos - heardNanos;
  }

  synchronized String address() {
    return address;
  }

  synchronized void duplicate() {
    duplicates++;
  }

  synchronized void applied(long sequence) {
    applied = sequence;
  }

  /** A batch whose first record is of this time, the node's wall clock. */
  synchronized void batch(long firstWallNanos) {
    batches++;
    lagNanos = Clock.wallNanos() - firstWallNanos - status.getServerOffsetNanos();
  }

  synchronized void read(Reader.Read read) {
    records += read.records();
    unknown += read.unknown();
  }

  synchronized long malformed() {
    return ++malformed;
  }

  synchronized void status(Status now, long nowNanos) {
    heard(nowNanos);
    status = now;
    long oldest = now.getOldestWallNanos();
    lagNanos = oldest == 0 ? 0 : Clock.wallNanos() - oldest - now.getServerOffsetNanos();
  }

  synchronized AgentView view(String node) {
    Probes p = status.getProbes();
    return new AgentView(
        node,
        connected,
        address,
        hello.getVersion(),
        hello.getBootId(),
        Long.toHexString(hello.getEpoch()),
        heardMillis,
        -status.getServerOffsetNanos(),
        status.getServerOffsetBoundNanos(),
        lagNanos,
        applied,
        batches,
        records,
        duplicates,
        malformed,
        unknown,
        status.getShedMap(),
        status.getBufferedBytes(),
        status.getBufferBytes(),
        new AgentHealth(
            p.getRunning(),
            p.getHooks(),
            p.getPayload(),
            !p.getTasksOff(),
            p.getExchanges(),
            p.getConnections(),
            p.getRingLost(),
            p.getSockets(),
            status.getMissingList(),
            p.getFailuresMap(),
            ReadRows.read(p.getReadList()),
            status.getEntriesMap()));
  }
}
