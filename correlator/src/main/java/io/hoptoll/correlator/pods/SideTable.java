package io.hoptoll.correlator.pods;

import io.hoptoll.model.Exchange;

/**
 * One side of a line, since it was first seen: what Rover calls Write, Read, Write RTT, Connect,
 * Close, Retransmit and Drop (docs/rover.md has the names).
 *
 * @param exchanges request/response turns, or bursts of them
 * @param write calls; time from the entry of an exchange's first send to the return of its last
 * @param read calls; time from the first data ready to the return of the exchange's last read
 * @param writeRtt from a segment's (last) transmission to its ACK, a sample an exchange
 * @param connect client: SYN to ESTABLISHED; server: ESTABLISHED to the first operation (accept)
 * @param close from the first FIN of either side to the socket's end
 * @param retransmits segments sent again by this side, SYNs too
 * @param drops packets of its sockets that this node's kernel freed unread
 * @param failedConnects refused, timed out or given up
 * @param resets connections that ended by a reset
 * @param minRttMicros least round trip, 0 if none was measured
 * @param smoothedRttMicros latest {@code srtt}: includes think time on request/response traffic
 * @param account what else TCP said of its exchanges
 */
public record SideTable(
    long exchanges,
    Row write,
    Row read,
    Row writeRtt,
    Row connect,
    Row close,
    long retransmits,
    long drops,
    long failedConnects,
    long resets,
    int minRttMicros,
    int smoothedRttMicros,
    Account account) {

  /**
   * @param count calls, or events
   * @param bytes payload; 0 where the row has none
   * @param nanos execution time of each exchange or event
   */
  public record Row(long count, long bytes, Distribution nanos) {}

  /**
   * TCP's own account, of all exchanges; times are of the kernel's ticks.
   *
   * @param lost segments that TCP took for lost
   * @param outOfOrder segments that came out of order
   * @param dsacks segments that the peer had twice, as it said
   * @param busyMillis with data on the way or to be sent
   * @param receiveWindowLimitedMillis of these, the peer's window was shut
   * @param sendBufferLimitedMillis of these, the send buffer was too small
   * @param receiveQueueMax most bytes that waited to be read
   * @param congestionWindow segments, of the latest exchange
   * @param windows of the latest exchange
   */
  public record Account(
      long lost,
      long outOfOrder,
      long dsacks,
      long busyMillis,
      long receiveWindowLimitedMillis,
      long sendBufferLimitedMillis,
      int receiveQueueMax,
      int congestionWindow,
      Exchange.Windows windows) {}
}
