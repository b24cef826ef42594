package io.hoptoll.wire;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Nanos;
import io.hoptoll.wire.v1.Rows;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The records of one batch, being written. Of one thread at a time. */
final class RowOut {
  /** Kinds are below; in a row's first number the count of its columns stands above them. */
  static final int KINDS = 32;

  private static final int FIRST_NUMBERS = 1_024;

  private final long baseMonotonicNanos;
  private final long offsetNanos;
  private long[] numbers = new long[FIRST_NUMBERS];
  private final Map<String, Integer> texts = new HashMap<>();
  private final Map<Endpoint, Integer> hosts = new HashMap<>();
  private final Rows.Builder rows = Rows.newBuilder();
  private int textChars;
  private int size;
  private int rowStart;
  private int records;
  private long lost;

  /**
   * @param nowNanos the node's monotonic clock: instants are told relative to it
   * @param offsetNanos wall − monotonic clock
   */
  RowOut(long nowNanos, long offsetNanos) {
    this.baseMonotonicNanos = nowNanos;
    this.offsetNanos = offsetNanos;
  }

  /** Whether a record of any kind still fits. */
  boolean hasRoom() {
    return size + Limits.ROW_NUMBERS < Limits.BATCH_NUMBERS
        && texts.size() + Limits.ROW_NUMBERS <= Limits.BATCH_TEXTS
        && textChars <= Limits.BATCH_TEXT_CHARS
        && hosts.size() + Limits.ROW_NUMBERS <= Limits.BATCH_HOSTS;
  }

  /** Without those that tell of losses. */
  int records() {
    return records;
  }

  /** Records that this batch says were lost. */
  long lost() {
    return lost;
  }

  boolean isEmpty() {
    return size == 0;
  }

  long baseMonotonicNanos() {
    return baseMonotonicNanos;
  }

  long baseWallNanos() {
    return baseMonotonicNanos + offsetNanos;
  }

  RowOut begin(int kind) {
    rowStart = size;
    return number(kind);
  }

  void end() {
    numbers[rowStart] += (long) KINDS * (size - rowStart - 1);
    records++;
  }

  void endLoss(long ofRecords) {
    end();
    records--;
    lost += ofRecords;
  }

  /** Columns that are counted before they come, so that more may be added to their kind. */
  int beginPart() {
    number(0);
    return size;
  }

  /**
   * @param begin what {@link #beginPart} gave
   */
  void endPart(int begin) {
    numbers[begin - 1] = size - begin;
  }

  /** Numbers left in this row; who writes lists cuts them to it. */
  int left() {
    return Limits.ROW_NUMBERS - (size - rowStart);
  }

  RowOut number(long n) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * size);
    }
    numbers[size++] = n;
    return this;
  }

  RowOut flag(boolean on) {
    return number(on ? 1 : 0);
  }

  /** Of the node's monotonic clock. */
  RowOut instant(long nanos) {
    if (!Nanos.isSet(nanos)) {
      return number(0);
    }
    long relative = nanos - baseMonotonicNanos;
    return number(relative >= 0 ? relative + 1 : relative);
  }

  /** Of the node's wall clock, always set. */
  RowOut wall(long nanos) {
    return number(nanos - baseWallNanos());
  }

  /** A duration or another number that may be unset. */
  RowOut optional(long n) {
    return !Nanos.isSet(n) ? number(0) : number(n >= 0 ? n + 1 : n);
  }

  RowOut text(String text) {
    return text(text, Limits.TEXT_CHARS);
  }

  /** What a request may make long: its path, its ids. */
  RowOut longText(String text) {
    return text(text, Limits.LONG_TEXT_CHARS);
  }

  private RowOut text(String text, int chars) {
    return number(
        texts.computeIfAbsent(
            text.length() > chars ? text.substring(0, chars) : text,
            t -> {
              rows.addTexts(t);
              textChars += t.length();
              return texts.size();
            }));
  }

  RowOut endpoint(Endpoint e) {
    int place =
        hosts.computeIfAbsent(
            e.host(),
            h -> {
              rows.addHosts(h.ipHigh()).addHosts(h.ipLow());
              return hosts.size();
            });
    return number(place).number(e.port());
  }

  Rows build() {
    Arrays.stream(numbers, 0, size).forEach(rows::addNumbers);
    return rows.setBaseWallNanos(baseWallNanos()).setOffsetNanos(offsetNanos).build();
  }
}
