package io.hoptoll.als;

import io.hoptoll.model.Nanos;
import java.util.Arrays;

/**
 * What the readers found in one entry so far, reused for every entry. Field by field as protobuf
 * merges: the last value of a number or text stays, a message's fields stay until overwritten.
 */
final class EntryFields {
  /** Texts, as {@link Slice}s of the message. */
  static final int REQUEST_ID = 0;

  static final int STREAM_ID = 1;
  static final int TRACEPARENT = 2;
  static final int AUTHORITY = 3;
  static final int PATH = 4;
  static final int ROUTE_NAME = 5;
  static final int UPSTREAM_CLUSTER = 6;
  static final int PEER_SAN = 7;
  static final int ATTEMPT_HEADER = 8;
  static final int GRPC_STATUS_HEADER = 9;
  static final int GRPC_STATUS_TRAILER = 10;
  static final int CODE_DETAILS = 11;
  static final int TERMINATION_DETAILS = 12;
  static final int UPSTREAM_FAILURE = 13;
  static final int DOWNSTREAM_FAILURE = 14;
  static final int B3 = 15;
  static final int B3_TRACE = 16;
  static final int B3_SPAN = 17;
  static final int B3_SAMPLED = 18;
  static final int ORIGINAL_PATH = 19;
  static final int TEXTS = 20;

  /** Durations 0..6 are time_to_last_rx_byte ... time_to_last_downstream_tx_byte. */
  static final int LAST_RX = 0;

  static final int FIRST_UPSTREAM_TX = 1;
  static final int LAST_UPSTREAM_TX = 2;
  static final int FIRST_UPSTREAM_RX = 3;
  static final int LAST_UPSTREAM_RX = 4;
  static final int FIRST_DOWNSTREAM_TX = 5;
  static final int LAST_DOWNSTREAM_TX = 6;
  static final int DURATION = 7;
  static final int START = 8;
  private static final int TIMES = 9;

  static final int DOWNSTREAM_DIRECT_REMOTE = 0;
  static final int DOWNSTREAM_REMOTE = 1;
  static final int DOWNSTREAM_LOCAL = 2;
  static final int UPSTREAM_LOCAL = 3;
  static final int UPSTREAM_REMOTE = 4;
  private static final int ADDRESSES = 5;

  static final int DOWNSTREAM_RECEIVED = 0;
  static final int DOWNSTREAM_SENT = 1;
  static final int UPSTREAM_RECEIVED = 2;
  static final int UPSTREAM_SENT = 3;
  static final int CONNECTION_RECEIVED = 4;
  static final int CONNECTION_SENT = 5;
  private static final int COUNTS = 6;

  /** What can be seconds without overflowing nanoseconds, about 292 years. */
  private static final long MAX_SECONDS = Long.MAX_VALUE / Nanos.PER_SECOND - 1;

  final long[] texts = new long[TEXTS];
  final long[] wireBytes = new long[COUNTS];
  final long[] addressTexts = new long[ADDRESSES];
  final int[] ports = new int[ADDRESSES];
  final long[] seconds = new long[TIMES];
  final int[] nanos = new int[TIMES];
  int accessLogType;
  boolean intermediate;
  int protocolVersion;
  int requestMethod;
  boolean hasResponseCode;
  int responseCode;
  long flags;
  int attempts;
  boolean hasConnection;
  private int timesPresent;
  private int addressesPresent;
  private int socketAddresses;

  void clear() {
    Arrays.fill(texts, Slice.EMPTY);
    Arrays.fill(wireBytes, 0);
    accessLogType = 0;
    intermediate = false;
    protocolVersion = 0;
    requestMethod = 0;
    hasResponseCode = false;
    responseCode = 0;
    flags = 0;
    attempts = 0;
    hasConnection = false;
    timesPresent = 0;
    addressesPresent = 0;
    socketAddresses = 0;
  }

  /** A duration or timestamp occurs; its fields stay if it occurred before. */
  void timeOccurs(int which) {
    int bit = 1 << which;
    if ((timesPresent & bit) == 0) {
      timesPresent |= bit;
      seconds[which] = 0;
      nanos[which] = 0;
    }
  }

  /** It occurs for the first time. */
  void time(int which, long itsSeconds, int itsNanos) {
    timesPresent |= 1 << which;
    seconds[which] = itsSeconds;
    nanos[which] = itsNanos;
  }

  boolean hasTime(int which) {
    return (timesPresent & 1 << which) != 0;
  }

  /** {@link Nanos#UNSET} where absent or beyond what 64 bits of nanoseconds hold. */
  long timeNanos(int which) {
    long whole = seconds[which];
    boolean fits = whole >= -MAX_SECONDS && whole <= MAX_SECONDS;
    return hasTime(which) && fits ? whole * Nanos.PER_SECOND + nanos[which] : Nanos.UNSET;
  }

  boolean hasStart() {
    return Nanos.isSet(timeNanos(START));
  }

  void addressOccurs(int which) {
    int bit = 1 << which;
    if ((addressesPresent & bit) == 0) {
      addressesPresent |= bit;
      addressTexts[which] = Slice.EMPTY;
      ports[which] = 0;
    }
  }

  /** The last kind of address named counts; a socket address's fields outlive the other kinds. */
  void addressKind(int which, boolean socket) {
    int bit = 1 << which;
    socketAddresses = socket ? socketAddresses | bit : socketAddresses & ~bit;
  }

  boolean isSocketAddress(int which) {
    return (socketAddresses & 1 << which) != 0;
  }

  void flag(long bit, boolean on) {
    flags = on ? flags | bit : flags & ~bit;
  }
}
