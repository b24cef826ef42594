package io.hoptoll.bench.ingest;

/** What a run of entries cost the server, until the last of them was joined or given up. */
record Cost(
    Senders.Sent sent, double cpuSeconds, double allocated, long residentBytes, long leftOut) {
  /** The server's own metric. */
  static final String ALLOCATED = "hoptoll_jvm_allocated_bytes_total";

  double cpuSecondsPerMillion() {
    return cpuSeconds / sent.entries() * 1e6;
  }

  String text() {
    return "%,.0f entries/s: %.2f CPU-s per million, %,.0f bytes allocated an entry, RSS %,d MiB; %.1f %% left out"
        .formatted(
            sent.entries() / sent.seconds(),
            cpuSecondsPerMillion(),
            allocated / sent.entries(),
            residentBytes >> 20,
            100.0 * leftOut / sent.entries());
  }
}
