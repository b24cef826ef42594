package io.hoptoll.correlator.pods;

/** What one side of a line did: the rows of Rover's table. */
final class Meters {
  static final class Meter {
    long count;
    long bytes;
    final Histogram nanos = new Histogram();
  }

  final Meter write = new Meter();
  final Meter read = new Meter();
  final Meter writeRtt = new Meter();
  final Meter connect = new Meter();
  final Meter close = new Meter();
  final Requests requests = new Requests();
  long exchanges;
  long retransmits;
  long drops;
  long failedConnects;
  long resets;
  int minRttMicros;
  int smoothedRttMicros;

  void rtt(int minMicros, int smoothedMicros) {
    if (minMicros > 0) {
      minRttMicros = minRttMicros == 0 ? minMicros : Math.min(minRttMicros, minMicros);
    }
    if (smoothedMicros > 0) {
      smoothedRttMicros = smoothedMicros;
    }
  }

  SideTable table() {
    return new SideTable(
        exchanges,
        row(write),
        row(read),
        row(writeRtt),
        row(connect),
        row(close),
        retransmits,
        drops,
        failedConnects,
        resets,
        minRttMicros,
        smoothedRttMicros);
  }

  private static SideTable.Row row(Meter m) {
    return new SideTable.Row(m.count, m.bytes, m.nanos.read());
  }
}
