package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Nanos;
import org.jspecify.annotations.Nullable;

/**
 * A sidecar that passes a message on when it has all of it (Envoy's buffer filter; Lua, ext_authz,
 * Wasm or a transcoder that read bodies): it sent nothing before the last piece lay in its socket,
 * and all as soon as it did. Until then it waited for whoever held the body up.
 */
final class WholeBody {
  private WholeBody() {}

  /**
   * When a message that comes in on this socket was there to its end, on the socket's clock; unset
   * where the sidecar did not wait for that.
   *
   * @param sentNanos when the sidecar began to send it on
   */
  static long awaitedNanos(@Nullable Exchange in, long sentNanos) {
    if (in == null || in.has(Exchange.SHARED) || in.has(Exchange.MULTIPLEXED)) {
      return Nanos.UNSET; // the last piece may be another message's
    }
    long first = in.marks().readFirstNanos();
    long last = in.marks().readyLastNanos();
    boolean hasPieces = Nanos.isSet(first) && Nanos.isSet(last) && first < last;
    boolean isAwaited =
        hasPieces && last <= sentNanos && sentNanos - last <= SocketTurns.spareNanos(last - first);
    return isAwaited ? last : Nanos.UNSET;
  }

  /** Whose a request's body was that the caller's sidecar waited for; null: that sidecar's. */
  static @Nullable LegKind ofCaller(HalfHop client, long nanos) {
    return ofApp(client.callingApp(), LegKind.BODY_SENDER_CLIENT, LegKind.BODY_REQUEST, nanos);
  }

  /** The same at the server's sidecar: between it and the app lie the caller's, and the wire. */
  static @Nullable LegKind ofCaller(@Nullable HalfHop client, HalfHop server, long nanos) {
    Exchange app = client == null ? null : client.callingApp();
    Exchange sidecar = client == null ? null : client.upstream();
    return overWire(app, sidecar, LegKind.BODY_SENDER_CLIENT, LegKind.BODY_REQUEST, nanos);
  }

  /** Whose an answer's body was that the server's sidecar waited for; null: that sidecar's. */
  static @Nullable LegKind ofServer(HalfHop server, long nanos) {
    return ofApp(server.servingApp(), LegKind.BODY_SENDER_SERVER, LegKind.BODY_RESPONSE, nanos);
  }

  /** The same at the caller's sidecar. */
  static @Nullable LegKind ofServer(HalfHop client, @Nullable HalfHop server, long nanos) {
    Exchange app = server == null ? null : server.servingApp();
    Exchange sidecar = server == null ? null : server.downstream();
    return overWire(app, sidecar, LegKind.BODY_SENDER_SERVER, LegKind.BODY_RESPONSE, nanos);
  }

  private static @Nullable LegKind ofApp(
      @Nullable Exchange app, LegKind sender, LegKind unknown, long nanos) {
    if (app == null) {
      return unknown;
    }
    return isIdle(app, nanos) ? sender : null; // else its sidecar did not read
  }

  private static @Nullable LegKind overWire(
      @Nullable Exchange app,
      @Nullable Exchange sidecar,
      LegKind sender,
      LegKind unknown,
      long nanos) {
    if (app != null && isIdle(app, nanos)) {
      return sender;
    }
    if (app == null || sidecar == null) {
      return unknown;
    }
    if (BodyCharge.isMajor(BodyCharge.windowShutNanos(sidecar), nanos)) {
      return null; // who did not read is who passed it on late
    }
    boolean isSlow = isIdle(sidecar, nanos);
    return isSlow ? unknown : LegKind.BODY_NETWORK;
  }

  /** Whether it wrote for most of that time, and was not kept from it by its socket. */
  private static boolean isIdle(Exchange e, long nanos) {
    return BodyCharge.isMajor(BodyCharge.writingNanos(e), nanos)
        && !BodyCharge.isMajor(BodyCharge.blockedNanos(e), nanos);
  }
}
