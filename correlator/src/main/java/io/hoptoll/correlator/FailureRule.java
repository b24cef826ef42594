package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Party;
import io.hoptoll.model.ResponseFlag;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Outcome;
import java.util.List;
import java.util.function.Predicate;

/**
 * What one sidecar's entry means where that sidecar made the answer itself (or had none), by
 * Envoy's response flags and {@code response_code_details}. In order: the first that applies.
 *
 * @param party whose doing it is, seen from that sidecar
 */
record FailureRule(Predicate<Outcome> applies, Cause cause, Whose party) {
  private static final int OK = 200;

  /** No caller waits shorter: what ends sooner is not ended by its deadline. */
  private static final long SHORTEST_DEADLINE_NANOS = 50 * Nanos.PER_MILLI;

  /**
   * Relative to the sidecar that tells: its own, the app or wire behind it, or whoever is before
   * it; or the calling app's, whichever sidecar tells.
   */
  enum Whose {
    OWN,
    UPSTREAM,
    DOWNSTREAM,
    CALLER;

    Party of(boolean atServer) {
      return switch (this) {
        case OWN -> atServer ? Party.SERVER_SIDECAR : Party.CLIENT_SIDECAR;
        case UPSTREAM -> atServer ? Party.SERVER_APP : Party.TRANSPORT;
        case DOWNSTREAM -> atServer ? Party.TRANSPORT : Party.CLIENT_APP;
        case CALLER -> Party.CLIENT_APP;
      };
    }
  }

  /** At the sidecar that serves: behind it is its app. */
  static final List<FailureRule> AT_SERVER =
      List.of(
          own(Cause.SIDECAR_OVERLOAD_MANAGER, ResponseFlag.OM),
          said(Cause.SIDECAR_OVERLOAD_MANAGER, "overload"),
          new FailureRule(FailureRule::isOversized, Cause.CLIENT_HEADERS_TOO_LARGE, Whose.CALLER),
          own(Cause.SIDECAR_FILTER, ResponseFlag.FI, ResponseFlag.DI),
          said(Cause.SIDECAR_DENIED, "rbac_access_denied"),
          own(Cause.SIDECAR_DENIED, ResponseFlag.UAEX),
          said(Cause.SIDECAR_DENIED, "jwt_authn"),
          own(Cause.SIDECAR_RATE_LIMITED, ResponseFlag.RL, ResponseFlag.RLSE),
          said(Cause.SIDECAR_RATE_LIMITED, "rate_limited"),
          own(Cause.SIDECAR_OVERFLOW, ResponseFlag.UO),
          new FailureRule(FailureRule::isUnanswered, Cause.APP_ACCEPT_QUEUE_FULL, Whose.UPSTREAM),
          new FailureRule(FailureRule::isReset, Cause.APP_RESET, Whose.UPSTREAM),
          behind(Cause.APP_NOT_LISTENING, ResponseFlag.UF),
          new FailureRule(FailureRule::isPastDeadline, Cause.CLIENT_ABORT, Whose.CALLER),
          behind(Cause.APP_RESET, ResponseFlag.UC, ResponseFlag.UR),
          behind(Cause.APP_ERROR, ResponseFlag.UPE),
          own(Cause.SIDECAR_TIMEOUT_SET_TOO_LOW, ResponseFlag.UT, ResponseFlag.SI, ResponseFlag.DT),
          own(Cause.SIDECAR_NO_HEALTHY_UPSTREAM, ResponseFlag.UH, ResponseFlag.LH),
          own(Cause.SIDECAR_NO_CLUSTER, ResponseFlag.NC),
          own(Cause.SIDECAR_NO_ROUTE, ResponseFlag.NR),
          own(Cause.SIDECAR_PROTOCOL_SNIFFING, ResponseFlag.DPE),
          new FailureRule(FailureRule::isGone, Cause.CLIENT_ABORT, Whose.DOWNSTREAM));

  /** At the sidecar that calls: behind it is the wire, and what its peer did not tell. */
  static final List<FailureRule> AT_CLIENT =
      List.of(
          own(Cause.SIDECAR_OVERLOAD_MANAGER, ResponseFlag.OM),
          said(Cause.SIDECAR_OVERLOAD_MANAGER, "overload"),
          new FailureRule(FailureRule::isOversized, Cause.CLIENT_HEADERS_TOO_LARGE, Whose.CALLER),
          own(Cause.SIDECAR_FILTER, ResponseFlag.FI, ResponseFlag.DI),
          said(Cause.SIDECAR_DENIED, "rbac_access_denied"),
          own(Cause.SIDECAR_DENIED, ResponseFlag.UAEX),
          own(Cause.SIDECAR_RATE_LIMITED, ResponseFlag.RL, ResponseFlag.RLSE),
          said(Cause.SIDECAR_RATE_LIMITED, "rate_limited"),
          own(Cause.SIDECAR_OVERFLOW, ResponseFlag.UO),
          own(Cause.SIDECAR_NO_HEALTHY_UPSTREAM, ResponseFlag.UH),
          own(Cause.SIDECAR_NO_CLUSTER, ResponseFlag.NC),
          own(Cause.SIDECAR_NO_ROUTE, ResponseFlag.NR),
          own(Cause.SIDECAR_DNS, ResponseFlag.DF),
          own(
              Cause.SIDECAR_TIMEOUT_SET_TOO_LOW,
              ResponseFlag.UT,
              ResponseFlag.UMSDR,
              ResponseFlag.SI,
              ResponseFlag.DT),
          new FailureRule(FailureRule::isReset, Cause.TRANSPORT_RESET, Whose.UPSTREAM),
          new FailureRule(
              o -> o.failureReason().contains("TLS_error"), Cause.SIDECAR_TLS_HANDSHAKE, Whose.OWN),
          behind(Cause.TRANSPORT_CONNECT, ResponseFlag.UF),
          new FailureRule(FailureRule::isPastDeadline, Cause.CLIENT_ABORT, Whose.CALLER),
          behind(Cause.TRANSPORT_RESET, ResponseFlag.UC, ResponseFlag.UR),
          own(Cause.SIDECAR_PROTOCOL_SNIFFING, ResponseFlag.DPE, ResponseFlag.UPE),
          own(Cause.SIDECAR_RETRIES, ResponseFlag.URX),
          new FailureRule(FailureRule::isGone, Cause.CLIENT_ABORT, Whose.DOWNSTREAM));

  /** Whether who asked was gone before it had all of the answer. */
  static boolean isGone(Outcome o) {
    return o.has(ResponseFlag.DC)
        || o.has(ResponseFlag.DR)
        || o.details().startsWith("downstream_remote_disconnect");
  }

  /**
   * Whether a gRPC server ended the stream, not the connection, before it answered: at the caller's
   * deadline (grpc-timeout), which the server keeps as well. That the call is gRPC Envoy's own
   * answer tells, whose status is then 200.
   */
  private static boolean isPastDeadline(Outcome o) {
    return o.code() == OK
        && o.has(ResponseFlag.UR)
        && o.details().startsWith("upstream_reset_before_response_started{remote_reset");
  }

  /** As Envoy's codecs and its connection manager name it (431, or 400 by HTTP/2). */
  private static boolean isOversized(Outcome o) {
    return o.details().contains("headers_too_large") || o.details().contains("too_many_headers");
  }

  boolean appliesTo(SidecarSpan span) {
    boolean isTooSoon =
        cause == Cause.CLIENT_ABORT
            && party == Whose.CALLER
            && span.durationNanos() < SHORTEST_DEADLINE_NANOS;
    return !isTooSoon && applies.test(span.outcome());
  }

  /** Whether the connect had neither yes nor no: a host that knows nobody there says no at once. */
  private static boolean isUnanswered(Outcome o) {
    return o.has(ResponseFlag.UF) && o.details().contains("{connection_timeout");
  }

  /**
   * Whether the connection was reset before the proxy knew that it stood (ECONNRESET, 104), or
   * while it shook hands: as Envoy names the error, by words since 1.24, before that by number.
   */
  private static boolean isReset(Outcome o) {
    String said = o.details() + o.failureReason().replace(' ', '_');
    return o.has(ResponseFlag.UF)
        && (said.contains("connect_error:_Connection_reset")
            || said.contains("connect_error:_104")
            || said.contains("OPENSSL_internal:Connection_reset"));
  }

  private static FailureRule own(Cause cause, ResponseFlag... flags) {
    return new FailureRule(o -> any(o, flags), cause, Whose.OWN);
  }

  private static FailureRule behind(Cause cause, ResponseFlag... flags) {
    return new FailureRule(o -> any(o, flags), cause, Whose.UPSTREAM);
  }

  private static FailureRule said(Cause cause, String details) {
    return new FailureRule(o -> o.details().contains(details), cause, Whose.OWN);
  }

  private static boolean any(Outcome o, ResponseFlag... flags) {
    for (ResponseFlag flag : flags) {
      if (o.has(flag)) {
        return true;
      }
    }
    return false;
  }
}
