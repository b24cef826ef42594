package io.hoptoll.correlator.pods;

import io.hoptoll.model.Exchange;

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
  private long lost;
  private long outOfOrder;
  private long dsacks;
  private long busyMillis;
  private long receiveWindowLimitedMillis;
  private long sendBufferLimitedMillis;
  private int receiveQueueMax;
  private int congestionWindow;
  private Exchange.Windows windows = Exchange.Windows.UNKNOWN;

  void rtt(int minMicros, int smoothedMicros) {
    if (minMicros > 0) {
      minRttMicros = minRttMicros == 0 ? minMicros : Math.min(minRttMicros, minMicros);
    }
    if (smoothedMicros > 0) {
      smoothedRttMicros = smoothedMicros;
    }
  }

  /** A turn's account, of which {@code told} was added before. */
  void account(Exchange.Tcp now, Exchange.Tcp told) {
    lost += now.lost() - told.lost();
    outOfOrder += now.outOfOrder() - told.outOfOrder();
    dsacks += now.dsacks() - told.dsacks();
    busyMillis += now.busyMillis() - told.busyMillis();
    receiveWindowLimitedMillis +=
        now.receiveWindowLimitedMillis() - told.receiveWindowLimitedMillis();
    sendBufferLimitedMillis += now.sendBufferLimitedMillis() - told.sendBufferLimitedMillis();
    receiveQueueMax = Math.max(receiveQueueMax, now.receiveQueueMax());
    congestionWindow = now.congestionWindow();
    windows = now.windows();
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
        smoothedRttMicros,
        new SideTable.Account(
            lost,
            outOfOrder,
            dsacks,
            busyMillis,
            receiveWindowLimitedMillis,
            sendBufferLimitedMillis,
            receiveQueueMax,
            congestionWindow,
            windows));
  }

  private static SideTable.Row row(Meter m) {
    return new SideTable.Row(m.count, m.bytes, m.nanos.read());
  }
}
