package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Party;
import io.hoptoll.model.ResponseFlag;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Outcome;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Why a request failed. Both sidecars' entries are read: what the client's calls {@code
 * via_upstream} the server's may have made itself (a policy, an app that is gone), and a server's
 * entry without a status is the client's time-out. A failure that a hop passed on is told where it
 * began, once.
 */
final class Failures {
  private static final int SAID_MAX = 120;
  private static final String RETRIED = ", answered after a retry";

  private Failures() {}

  /** Every failure of the tree that was not caused by one below it. */
  static void of(PathNode node, Consumer<Failure> out) {
    tell(node, out);
  }

  /** Whether this hop failed, or what its server called. */
  private static boolean tell(PathNode node, Consumer<Failure> out) {
    boolean below = false;
    boolean before = false;
    for (int i = 0; i < node.childCount(); i++) {
      boolean failed = tell(node.child(i), out);
      boolean isOfLast = node.hop().server() == null || !node.child(i).isOfAttempt();
      below |= failed && isOfLast;
      before |= failed && !isOfLast;
    }
    Failure own = of(node.hop(), node.edge());
    if (own == null) {
      Failure hidden = retried(node.hop(), node.edge());
      if (hidden != null && !((below || before) && hidden.cause() == Cause.APP_ERROR)) {
        out.accept(hidden);
      }
      return below;
    }
    boolean passedOn = below && own.cause() == Cause.APP_ERROR;
    if (!passedOn) {
      out.accept(own);
    }
    return true;
  }

  static @Nullable Failure of(Hop hop, Edge edge) {
    HalfHop client = hop.client();
    HalfHop server = hop.server();
    if (server != null && !isPassedOn(server.span())) {
      Failure made = made(server.span(), FailureRule.AT_SERVER, true, edge);
      boolean callerLeft = made != null && made.cause() == Cause.CLIENT_ABORT;
      Failure told = callerLeft && client != null ? atClient(client.span(), edge) : null;
      if (made != null) {
        return told != null ? told : made;
      }
    }
    if (client != null && !isPassedOn(client.span())) {
      return atClient(client.span(), edge);
    }
    return answered(server != null ? server.span() : hop.outer().span(), edge);
  }

  private static @Nullable Failure answered(SidecarSpan span, Edge edge) {
    return span.isErrorResponse()
        ? new Failure(Cause.APP_ERROR, Party.SERVER_APP, edge, said(span))
        : null;
  }

  /**
   * An attempt that the way there or the server broke, and that a retry made good: no error, but a
   * fault.
   */
  private static @Nullable Failure retried(Hop hop, Edge edge) {
    if (hop.client() == null) {
      return null;
    }
    if (hop.ledger().nanosOf(LegKind.TRANSPORT_ATTEMPTS) > 0) {
      String reset = "attempt reset" + RETRIED;
      return new Failure(Cause.TRANSPORT_RESET, Party.TRANSPORT, edge, reset);
    }
    for (HalfHop attempt : hop.attempts()) {
      Edge tried = edge.tried(attempt);
      Failure failed = attempted(attempt.span(), tried);
      if (failed != null) {
        return new Failure(failed.cause(), failed.party(), tried, failed.said() + RETRIED);
      }
    }
    return null;
  }

  /** Where the attempt's server tells; a caller that let go of it may have had its reasons. */
  private static @Nullable Failure attempted(SidecarSpan span, Edge edge) {
    if (isPassedOn(span)) {
      return answered(span, edge);
    }
    Failure made = made(span, FailureRule.AT_SERVER, true, edge);
    return made == null || made.cause() == Cause.CLIENT_ABORT ? null : made;
  }

  private static @Nullable Failure atClient(SidecarSpan span, Edge edge) {
    return made(span, FailureRule.AT_CLIENT, false, edge);
  }

  private static @Nullable Failure made(
      SidecarSpan span, List<FailureRule> rules, boolean atServer, Edge edge) {
    for (FailureRule rule : rules) {
      if (rule.appliesTo(span)) {
        return new Failure(rule.cause(), rule.party().of(atServer), edge, said(span));
      }
    }
    return null;
  }

  /** The answer came from behind this sidecar: its entry knows no more than the status. */
  private static boolean isPassedOn(SidecarSpan span) {
    Outcome o = span.outcome();
    return o.code() > 0 && (o.details().isEmpty() || o.details().equals("via_upstream"));
  }

  /** What varies from request to request is cut off, but for the address: details are keys. */
  private static String said(SidecarSpan span) {
    Outcome o = span.outcome();
    StringBuilder s = new StringBuilder(o.code() == 0 ? "no response" : "status " + o.code());
    if (span.request().grpcStatus() > 0) {
      s.append(", grpc-status ").append(span.request().grpcStatus());
    }
    for (ResponseFlag flag : ResponseFlag.values()) {
      if (o.has(flag)) {
        s.append(' ').append(flag);
      }
    }
    if (o.has(ResponseFlag.UF) && span.upstreamRemote().isSet()) {
      s.append(" to ").append(span.upstreamRemote()); // one of few: a service's endpoints
    }
    if (!o.details().isEmpty()) {
      s.append(", ").append(o.details());
    }
    if (!o.failureReason().isEmpty()) {
      s.append(", ").append(o.failureReason());
    }
    return s.length() > SAID_MAX ? s.substring(0, SAID_MAX) + "…" : s.toString();
  }
}
