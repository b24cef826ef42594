package io.hoptoll.correlator;

import io.hoptoll.model.Leg;
import io.hoptoll.model.LegKind;

/** In words: how a part was cut out of the time between two marks. */
final class PartRules {
  private PartRules() {}

  static String of(Leg leg) {
    int first = Long.numberOfTrailingZeros(leg.kinds());
    boolean isOne = Long.bitCount(leg.kinds()) == 1;
    return isOne ? of(LegKind.values()[first]) : "what is left between the parts";
  }

  private static String of(LegKind kind) {
    return switch (kind) {
      case CLIENT_SIDECAR_ATTEMPTS ->
          "from the first attempt's arrival at its server (else from the request) to the last's"
              + " first byte; upstream_request_attempt_count > 1";
      case TRANSPORT_ATTEMPTS ->
          "as client.sidecar.attempts, while a reset from the upstream ended a connection to it";
      case CLIENT_SIDECAR_POOL, SERVER_SIDECAR_POOL ->
          "until the connection that it got ended the exchange before";
      case TRANSPORT_CONNECT, SERVER_APP_CONNECT ->
          "SYN to ESTABLISHED of a connection to the upstream (tracepoint"
              + " sock:inet_sock_set_state), while the request waited";
      case CLIENT_SIDECAR_HANDSHAKE -> "ESTABLISHED to the end of the TLS handshake's records";
      case BODY_SENDER_CLIENT, BODY_SENDER_SERVER ->
          "most of the body's time its sender was between its first and last write, not blocked";
      case BODY_RECEIVER_CLIENT, BODY_RECEIVER_SERVER ->
          "most of the body's time the window was shut (tcp_info.tcpi_rwnd_limited), or bytes lay"
              + " unread in the receiver's socket";
      case TRANSPORT_ACK ->
          "from the sender's last write to when its peer had it: the sender without TCP_NODELAY"
              + " (tcp_sock.nonagle), nothing sent again";
      case BODY_NETWORK -> "neither the body's sender nor its receiver held it up";
      case SERVER_APP_SELF -> "server.app.service less the calls that the app made meanwhile";
      case SERVER_APP_DEPENDENCY ->
          "between the hops of server.app.service, exchanges on sockets of the thread that served";
      default -> "what is left between the parts";
    };
  }
}
