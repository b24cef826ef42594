package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Ledger;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan.Protocol;
import io.hoptoll.model.UpstreamPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one leg into the parts that have a name of their own: a sidecar's request leg into attempts,
 * pool, connect, handshake and the rest; a body into whoever held it up. Used again for the next
 * hop.
 */
final class LegSplit {
  /** A part of a leg, on the axis' clock. */
  private record Part(LegKind kind, long fromNanos, long toNanos) {}

  /** A freed connection is reused in the same event loop turn; see {@link #poolWait}. */
  private static final long REUSE_NANOS = Nanos.PER_MILLI;

  private static final long CLIENT_ONLY = LegKind.CLIENT_SIDECAR_REQUEST.bit();
  private static final long SERVER_ONLY = LegKind.SERVER_SIDECAR_REQUEST.bit();

  private static final long BODIES = LegKind.BODY_REQUEST.bit() | LegKind.BODY_RESPONSE.bit();

  private static final long SERVER_BACK = LegKind.SERVER_SIDECAR_RESPONSE.bit();
  private static final long CLIENT_BACK = LegKind.CLIENT_SIDECAR_RESPONSE.bit();

  private static final long SIDECARS = CLIENT_ONLY | SERVER_ONLY | SERVER_BACK | CLIENT_BACK;

  /** What a sidecar's request leg may hide from those who do not see its upstream socket. */
  private static final long CLIENT_HIDDEN =
      LegKind.CLIENT_SIDECAR_POOL.bit()
          | LegKind.TRANSPORT_CONNECT.bit()
          | LegKind.CLIENT_SIDECAR_HANDSHAKE.bit();

  private static final long SERVER_HIDDEN =
      LegKind.SERVER_SIDECAR_POOL.bit() | LegKind.SERVER_APP_CONNECT.bit();

  private @Nullable HalfHop client;
  private @Nullable HalfHop server;
  private List<HalfHop> attempts = List.of();

  /** The axis' clock less the server's; unset where nothing ties them. */
  private long serverShift;

  /** Pieces of the request and of the answer that waited for an ACK. */
  private final List<Part> held = new ArrayList<>(2);

  /** Of the leg at hand, in order of precedence. */
  private final List<Part> parts = new ArrayList<>(8);

  /**
   * From now on this hop's legs are cut.
   *
   * @param serverShift the axis' clock less the server's, ns; unset where nothing ties them
   */
  void begin(
      @Nullable HalfHop client,
      @Nullable HalfHop server,
      List<HalfHop> attempts,
      long serverShift) {
    this.client = client;
    this.server = server;
    this.attempts = attempts;
    this.serverShift = serverShift;
    held.clear();
    if (client != null) {
      held(client.callingApp(), client.downstream(), 0);
    }
    if (server != null && Nanos.isSet(serverShift)) {
      held(server.servingApp(), server.upstream(), serverShift);
    }
  }

  private void held(@Nullable Exchange sender, @Nullable Exchange receiver, long shift) {
    long nanos = DelayedAck.heldNanos(sender, receiver);
    if (nanos > 0 && receiver != null) {
      long until = receiver.marks().readyLastNanos() + shift;
      held.add(new Part(LegKind.TRANSPORT_ACK, until - nanos, until));
    }
  }

  /**
   * All that a leg contains. A sidecar that answered by itself contacted no upstream: what lies
   * between its read and its answer is its own, whatever kinds stand between. One whose upstream
   * socket nobody saw may have waited for a connection.
   */
  long kinds(long kinds) {
    if (kinds == CLIENT_ONLY && client != null && isUpstreamUnseen(client)) {
      return CLIENT_ONLY | CLIENT_HIDDEN;
    }
    if (kinds == SERVER_ONLY && server != null && isUpstreamUnseen(server)) {
      return SERVER_ONLY | SERVER_HIDDEN;
    }
    boolean spansServer = (kinds & LegKind.SERVER_APP_SERVICE.bit()) != 0;
    if (!spansServer) {
      return kinds;
    }
    boolean fromClient = (kinds & CLIENT_ONLY) != 0;
    if (fromClient && client != null && server == null && isLocalReply(client)) {
      return CLIENT_ONLY;
    }
    boolean fromServer = (kinds & SERVER_ONLY) != 0 && !fromClient;
    return fromServer && server != null && isLocalReply(server) ? SERVER_ONLY : kinds;
  }

  private static boolean isUpstreamUnseen(HalfHop half) {
    return half.upstream() == null && half.span().upstreamLocal().isSet();
  }

  /** A TCP proxy connects before it reads: while the first bytes wait in its socket. */
  private static boolean isTcp(HalfHop half) {
    return half.span().protocol() == Protocol.TCP;
  }

  private static boolean isLocalReply(HalfHop half) {
    return !half.span().upstreamLocal().isSet() && half.upstream() == null;
  }

  /** Appends the leg, cut where its parts are known. Zero-length legs are left out. */
  void cut(long kinds, long fromNanos, long toNanos, Ledger.Draft out) {
    parts.clear();
    find(kinds & ~(CLIENT_HIDDEN | SERVER_HIDDEN), fromNanos, toNanos);
    if (parts.isEmpty()) { // most legs
      out.leg(kinds, toNanos - fromNanos);
      return;
    }
    long at = fromNanos;
    long begin = fromNanos;
    long open = kinds;
    for (long cut : cuts(fromNanos, toNanos)) {
      long kind = kindAt(kinds, at);
      if (kind != open) {
        out.leg(open, at - begin);
        begin = at;
        open = kind;
      }
      at = cut;
    }
    out.leg(open, toNanos - begin);
  }

  /** Where parts begin and end within the leg, and its end; sorted, some more than once. */
  private long[] cuts(long fromNanos, long toNanos) {
    long[] cuts = new long[2 * parts.size() + 1];
    int n = 0;
    for (Part part : parts) {
      cuts[n++] = Math.max(fromNanos, Math.min(toNanos, part.fromNanos()));
      cuts[n++] = Math.max(fromNanos, Math.min(toNanos, part.toNanos()));
    }
    cuts[n] = toNanos;
    Arrays.sort(cuts);
    return cuts;
  }

  /** The first part that covers what begins at the instant; the leg's own kinds where none does. */
  private long kindAt(long kinds, long nanos) {
    for (Part part : parts) {
      if (part.fromNanos() <= nanos && nanos < part.toNanos()) {
        return part.kind().bit();
      }
    }
    return kinds;
  }

  private void find(long kinds, long from, long to) {
    for (Part part : held) {
      if (waitsFor(part, kinds, from, to)) {
        parts.add(part);
      }
    }
    if (kinds == CLIENT_ONLY && client != null) {
      clientParts(client, from, to);
    } else if (kinds == SERVER_ONLY && server != null && Nanos.isSet(serverShift)) {
      connect(LegKind.SERVER_APP_CONNECT, server, serverShift);
      poolWait(LegKind.SERVER_SIDECAR_POOL, server, serverShift, from, to);
      long until = whole(server.downstream(), serverShift, to);
      if (until > from) {
        body(WholeBody.ofCaller(client, server, until - from), from, until);
      }
    } else if (kinds == SERVER_BACK && server != null && Nanos.isSet(serverShift)) {
      long until = whole(server.upstream(), serverShift, to);
      if (until > from) {
        body(WholeBody.ofServer(server, until - from), from, until);
      }
    } else if (kinds == CLIENT_BACK && client != null) {
      long until = whole(client.upstream(), 0, to);
      if (until > from) {
        body(WholeBody.ofServer(client, server, until - from), from, until);
      }
    } else if (kinds == LegKind.CLIENT_SIDECAR_QUEUE.bit() && client != null && isTcp(client)) {
      opening(client);
    } else if (kinds == LegKind.SERVER_SIDECAR_QUEUE.bit()
        && server != null
        && isTcp(server)
        && Nanos.isSet(serverShift)) {
      connect(LegKind.SERVER_APP_CONNECT, server, serverShift);
    } else if (kinds == LegKind.BODY_RESPONSE.bit()) {
      body(BodyCharge.response(client, server, to - from), from, to);
    } else if (kinds == LegKind.BODY_REQUEST.bit()) {
      body(BodyCharge.request(client, server, to - from), from, to);
    }
  }

  /** A body does; a sidecar did that went on as soon as it had the piece. */
  private static boolean waitsFor(Part piece, long kinds, long from, long to) {
    long until = piece.toNanos();
    if (until <= from || piece.fromNanos() >= to || (kinds & ~(BODIES | SIDECARS)) != 0) {
      return false;
    }
    long spare = Math.max(REUSE_NANOS, (until - piece.fromNanos()) / 4);
    return (kinds & BODIES) != 0 || (until <= to && to - until <= spare);
  }

  private void body(@Nullable LegKind holder, long from, long to) {
    if (holder != null) {
      parts.add(new Part(holder, from, to));
    }
  }

  /** In order of precedence: what the wire kept waiting is not the sidecar's. */
  private void clientParts(HalfHop half, long from, long to) {
    opening(half);
    if (!attempts.isEmpty() || half.span().outcome().attempts() > 1) {
      parts.add(new Part(attemptsKind(half), Math.max(from, firstAttempt(from)), to));
    }
    poolWait(LegKind.CLIENT_SIDECAR_POOL, half, 0, from, to);
    long until = whole(half.downstream(), 0, to);
    if (until > from) {
      body(WholeBody.ofCaller(half, until - from), from, until);
    }
  }

  /** Until when a sidecar waited for the whole of a message; unset: it did not. */
  private static long whole(@Nullable Exchange in, long shift, long to) {
    return Nanos.plus(WholeBody.awaitedNanos(in, to - shift), shift);
  }

  /** The way to the server, when it had to be opened. */
  private void opening(HalfHop half) {
    connect(LegKind.TRANSPORT_CONNECT, half, 0);
    long established = opening(half, Exchange.Opening::establishedNanos);
    long ready = opening(half, Exchange.Opening::handshakeEndNanos);
    if (Nanos.isSet(established) && Nanos.isSet(ready)) {
      parts.add(new Part(LegKind.CLIENT_SIDECAR_HANDSHAKE, established, ready));
    }
  }

  /**
   * @param shift the axis' clock less the half's
   */
  private void connect(LegKind kind, HalfHop half, long shift) {
    long syn = opening(half, Exchange.Opening::synNanos);
    long established = opening(half, Exchange.Opening::establishedNanos);
    if (Nanos.isSet(syn) && Nanos.isSet(established)) {
      parts.add(new Part(kind, syn + shift, established + shift));
    }
    for (UpstreamPool.Connecting c : half.pool().connecting()) {
      parts.add(new Part(kind, c.synNanos() + shift, c.establishedNanos() + shift));
    }
  }

  /**
   * The request waited for a connection if the one it got was still busy when the request came, and
   * carried it on at once when it became free: a pool hands a freed connection to the first waiting
   * request in the same turn of its event loop. A gap means that something else held the request.
   */
  private void poolWait(LegKind kind, HalfHop half, long shift, long from, long to) {
    long freed = half.pool().freeNanos();
    long free = Nanos.isSet(freed) ? freed + shift : Nanos.UNSET;
    if (Nanos.isSet(free) && free > from && to - free <= SocketTurns.spareNanos(free - from)) {
      parts.add(new Part(kind, from, free));
    }
  }

  /** Attempts that no server heard of, while connections to it were reset: the way there did it. */
  private LegKind attemptsKind(HalfHop half) {
    boolean isReset = attempts.isEmpty() && half.pool().resets() > 0;
    return isReset ? LegKind.TRANSPORT_ATTEMPTS : LegKind.CLIENT_SIDECAR_ATTEMPTS;
  }

  /**
   * When the first earlier attempt reached its server; where that is unknown (no server heard of
   * it, or one on another node's clock): all of it.
   */
  private long firstAttempt(long from) {
    if (attempts.isEmpty()) {
      return from;
    }
    HalfHop first = attempts.get(0);
    return client != null && HopMatch.sameClock(client, first) ? first.startNanos() : from;
  }

  private static long opening(
      HalfHop half, java.util.function.ToLongFunction<Exchange.Opening> mark) {
    Exchange up = half.upstream();
    return up == null ? Nanos.UNSET : mark.applyAsLong(up.opening());
  }
}
