package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Nanos;
import org.jspecify.annotations.Nullable;

/**
 * Who held up a body: its sender (idle while the stream lasted), its receiver (window shut, by the
 * sender's tcp_info, or the bytes lay ready in its socket unread), else the network. Source: {@code
 * tcp_sock.chrono_stat} (RWND_LIMITED, SNDBUF_LIMITED) and the app's own first and last write.
 */
final class BodyCharge {
  /** A holder must account for at least this share of the body's time. */
  private static final double MAJORITY = 0.5;

  private BodyCharge() {}

  static @Nullable LegKind response(
      @Nullable HalfHop client, @Nullable HalfHop server, long nanos) {
    Exchange app = server == null ? null : server.servingApp();
    Exchange towardsClientApp = client == null ? null : client.downstream();
    if (app == null || towardsClientApp == null) {
      return null;
    }
    Exchange reader = client == null ? null : client.callingApp();
    if (isMajor(windowShutNanos(towardsClientApp), nanos)
        || (reader != null && isMajor(unreadNanos(reader), nanos))) {
      return LegKind.BODY_RECEIVER_CLIENT;
    }
    boolean appWasBlocked = isMajor(blockedNanos(app), nanos);
    return isMajor(writingNanos(app), nanos) && !appWasBlocked
        ? LegKind.BODY_SENDER_SERVER
        : LegKind.BODY_NETWORK;
  }

  static @Nullable LegKind request(@Nullable HalfHop client, @Nullable HalfHop server, long nanos) {
    Exchange app = client == null ? null : client.callingApp();
    Exchange towardsServerApp = server == null ? null : server.upstream();
    if (app == null || towardsServerApp == null) {
      return null;
    }
    Exchange reader = server == null ? null : server.servingApp();
    if (isMajor(windowShutNanos(towardsServerApp), nanos)
        || (reader != null && isMajor(unreadNanos(reader), nanos))) {
      return LegKind.BODY_RECEIVER_SERVER;
    }
    boolean appWasBlocked = isMajor(blockedNanos(app), nanos);
    return isMajor(writingNanos(app), nanos) && !appWasBlocked
        ? LegKind.BODY_SENDER_CLIENT
        : LegKind.BODY_NETWORK;
  }

  static boolean isMajor(long part, long whole) {
    return part >= MAJORITY * whole;
  }

  static long writingNanos(Exchange e) {
    long first = e.marks().sendFirstNanos();
    long last = e.marks().sendLastNanos();
    return Nanos.isSet(first) && Nanos.isSet(last) ? last - first : 0;
  }

  /** From the arrival of the last byte to the read that took it. */
  private static long unreadNanos(Exchange e) {
    long ready = e.marks().readyLastNanos();
    long read = e.marks().readLastNanos();
    return Nanos.isSet(ready) && Nanos.isSet(read) ? read - ready : 0;
  }

  static long windowShutNanos(Exchange e) {
    return e.tcp().receiveWindowLimitedMillis() * Nanos.PER_MILLI;
  }

  static long blockedNanos(Exchange e) {
    return (e.tcp().receiveWindowLimitedMillis() + e.tcp().sendBufferLimitedMillis())
        * Nanos.PER_MILLI;
  }
}
