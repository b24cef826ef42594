package io.hoptoll.correlator.pods;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Nanos;

/**
 * Turns the reports of one socket into additions. A turn is reported again as it goes on, with
 * values from its begin, so only what is new is added.
 */
final class SocketAccount {
  private static final Exchange.Volume NO_VOLUME = new Exchange.Volume(0, 0, 0, 0, 0, 0);
  private static final Exchange.Tcp NO_TCP =
      new Exchange.Tcp(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private final LatestTurn turn = new LatestTurn();
  private Exchange.Volume volume = NO_VOLUME;
  private Exchange.Tcp tcp = NO_TCP;
  private long writeNanos = Nanos.UNSET;
  private long readNanos = Nanos.UNSET;
  private long rttNanos = Nanos.UNSET;
  private long retransmits;
  private boolean isOpeningTold;
  private boolean isMidway;

  /** False for a report that a later turn has overtaken. */
  boolean add(Exchange e, Meters to) {
    if (turn.isBefore(e)) {
      begin();
      to.exchanges++;
    } else if (!turn.is(e)) {
      return false;
    }
    turn.take(e);
    isMidway |= e.has(Exchange.MIDWAY);
    opening(e.role(), e.opening(), to);
    volume(e.volume(), to);
    times(e.marks(), to);
    tcp(e.tcp(), to);
    return true;
  }

  private void begin() {
    volume = NO_VOLUME;
    writeNanos = Nanos.UNSET;
    readNanos = Nanos.UNSET;
    rttNanos = Nanos.UNSET;
    tcp = NO_TCP;
  }

  private void volume(Exchange.Volume now, Meters to) {
    to.write.count += now.sends() - volume.sends();
    to.write.bytes += now.bytesOut() - volume.bytesOut();
    to.read.count += now.reads() - volume.reads();
    to.read.bytes += now.bytesIn() - volume.bytesIn();
    volume = now;
  }

  private void times(Exchange.Marks m, Meters to) {
    writeNanos = time(m.sendFirstNanos(), m.sendLastNanos(), writeNanos, to.write.nanos);
    readNanos = time(m.readyFirstNanos(), m.readLastNanos(), readNanos, to.read.nanos);
  }

  private static long time(long from, long to, long before, Histogram histogram) {
    if (!Nanos.isSet(from) || !Nanos.isSet(to) || to < from) {
      return before;
    }
    long now = to - from;
    if (Nanos.isSet(before)) {
      histogram.replace(before, now);
    } else {
      histogram.add(now);
    }
    return now;
  }

  private void tcp(Exchange.Tcp now, Meters to) {
    int more = now.retransmits() - tcp.retransmits();
    retransmits += more;
    to.retransmits += more;
    to.account(now, tcp);
    to.rtt(now.minRttMicros(), now.srttMicros());
    if (now.lastRttMicros() > 0) {
      to.writeRtt.count += Nanos.isSet(rttNanos) ? 0 : 1;
      rttNanos = time(0, now.lastRttMicros() * Nanos.PER_MICRO, rttNanos, to.writeRtt.nanos);
    }
    tcp = now;
  }

  private void opening(Exchange.Role role, Exchange.Opening o, Meters to) {
    boolean isClient = role == Exchange.Role.CONNECT;
    long from = isClient ? o.synNanos() : o.establishedNanos();
    long until = isClient ? o.establishedNanos() : o.firstUseNanos();
    if (isOpeningTold || !Nanos.isSet(from) || !Nanos.isSet(until)) {
      return;
    }
    isOpeningTold = true;
    to.connect.count++;
    to.connect.nanos.add(Math.max(0, until - from));
    to.retransmits += o.synRetransmits();
    retransmits += o.synRetransmits();
  }

  void add(Connection c, Meters to) {
    isMidway |= (c.flags() & Exchange.MIDWAY) != 0;
    opening(c.role(), c.opening(), to);
    Connection.Life life = c.life();
    to.rtt(life.rtt().minMicros(), life.rtt().smoothedMicros());
    if (life.end() == Connection.End.OPEN) {
      return;
    }
    if (life.end() == Connection.End.NEVER_ESTABLISHED) {
      to.failedConnects++;
    } else {
      closed(c, to);
    }
    if (!isMidway && life.retransmits() > retransmits) {
      to.retransmits += life.retransmits() - retransmits;
      retransmits = life.retransmits();
    }
  }

  private static void closed(Connection c, Meters to) {
    Connection.End end = c.life().end();
    to.close.count++;
    boolean isReset = end == Connection.End.RESET_SENT || end == Connection.End.RESET_RECEIVED;
    to.resets += isReset ? 1 : 0;
    long nanos = c.closingNanos();
    if (Nanos.isSet(nanos) && nanos >= 0) {
      to.close.nanos.add(nanos);
    }
  }
}
