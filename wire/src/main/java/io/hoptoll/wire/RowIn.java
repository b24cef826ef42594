package io.hoptoll.wire;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Proxy;
import io.hoptoll.wire.v1.Rows;
import java.util.HashMap;
import java.util.Map;

/**
 * The records of one batch, being read: {@link #next} goes to the next row, then its columns come
 * in order; missing ones are 0. Whatever the bytes say, nothing outside the row is read.
 */
final class RowIn {
  private final String node;
  private final SocketIds ids;
  private final Rows rows;
  private final long baseMonotonicNanos;
  private final Map<Proxy, Proxy> proxies = new HashMap<>();
  private int next;
  private int at;
  private int kind;

  /**
   * @param node of which all records are
   * @param ids makes socket cookies of different boots differ
   */
  RowIn(String node, SocketIds ids, Rows rows) {
    this.node = node;
    this.ids = ids;
    this.rows = rows;
    this.baseMonotonicNanos = rows.getBaseWallNanos() - rows.getOffsetNanos();
  }

  /** False at the end. */
  boolean next() throws WireException {
    if (next >= rows.getNumbersCount()) {
      return false;
    }
    long head = rows.getNumbers(next);
    long count = head / RowOut.KINDS;
    if (head < 0 || count >= Limits.ROW_NUMBERS || next + 1 + count > rows.getNumbersCount()) {
      throw new WireException("a record of " + count + " columns at " + next + " of " + total());
    }
    kind = (int) (head % RowOut.KINDS);
    at = next + 1;
    next = at + (int) count;
    return true;
  }

  private String total() {
    return rows.getNumbersCount() + " numbers";
  }

  int kind() {
    return kind;
  }

  String node() {
    return node;
  }

  /** Numbers of this row that were not read. */
  int left() {
    return next - at;
  }

  long number() {
    return at < next ? rows.getNumbers(at++) : 0;
  }

  /** Without going on: the number that stands so many columns behind the next one. */
  long ahead(int columns) {
    return at + columns < next ? rows.getNumbers(at + columns) : 0;
  }

  /** Ends the row, as it is read, where the part ends; what {@link #endPart} is to be given. */
  int beginPart() {
    int outer = next;
    long columns = number();
    next = (int) Math.max(at, Math.min(outer, at + columns));
    return outer;
  }

  /** Goes to the end of the part. */
  void endPart(int outer) {
    at = next;
    next = outer;
  }

  /** The one equal to it that came first in this batch. */
  Proxy shared(Proxy proxy) {
    Proxy first = proxies.putIfAbsent(proxy, proxy);
    return first == null ? proxy : first;
  }

  int integer() {
    return (int) number();
  }

  boolean flag() {
    return number() != 0;
  }

  /** Of the node's monotonic clock. */
  long instant() {
    long n = number();
    return n == 0 ? Nanos.UNSET : baseMonotonicNanos + (n > 0 ? n - 1 : n);
  }

  /** Of the node's wall clock. */
  long wall() {
    return rows.getBaseWallNanos() + number();
  }

  long optional() {
    long n = number();
    return n == 0 ? Nanos.UNSET : n > 0 ? n - 1 : n;
  }

  long socket() {
    return ids.of(number());
  }

  String text() throws WireException {
    long place = number();
    if (place < 0 || place >= rows.getTextsCount()) {
      throw new WireException("text " + place + " of " + rows.getTextsCount());
    }
    return rows.getTexts((int) place);
  }

  Endpoint endpoint() throws WireException {
    long place = number();
    int port = integer();
    if (place < 0 || place >= rows.getHostsCount() / 2 || port < 0 || port > 0xFFFF) {
      throw new WireException(
          "host %d of %d, port %d".formatted(place, rows.getHostsCount(), port));
    }
    int first = 2 * (int) place;
    return new Endpoint(rows.getHosts(first), rows.getHosts(first + 1), port);
  }

  <E extends Enum<E>> E oneOf(E[] values) throws WireException {
    long ordinal = number();
    if (ordinal < 0 || ordinal >= values.length) {
      throw new WireException(
          "%s %d of %d".formatted(values[0].getClass().getSimpleName(), ordinal, values.length));
    }
    return values[(int) ordinal];
  }
}
