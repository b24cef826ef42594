package io.hoptoll.correlator;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Ledger.Source;
import io.hoptoll.model.Mark;
import org.jspecify.annotations.Nullable;

/** Where a mark is read: the kernel's tracepoint, or the access log's field. */
final class MarkSources {
  private static final String READY = "tracepoint sock:sk_data_ready";
  private static final String READ = "tracepoint sock:sock_recv_length";
  private static final String SENT = "tracepoint tcp:tcp_sendmsg_locked";

  private MarkSources() {}

  static String words(Mark mark, Source source) {
    return source == Source.KERNEL ? hook(mark) : "access log: " + field(mark);
  }

  /** E1 to E6, as in the mark's meaning. */
  static String socket(Mark mark) {
    return mark.meaning().substring(0, 2);
  }

  static String hook(Mark mark) {
    if (mark.meaning().contains("ready")) {
      return READY;
    }
    return mark.meaning().contains("read") ? READ : SENT;
  }

  /** Of {@code envoy.data.accesslog.v3.AccessLogCommon}; empty where Envoy has none. */
  static String field(Mark mark) {
    return switch (mark) {
      case CLIENT_SIDECAR_READ, SERVER_SIDECAR_READ -> "start_time";
      case CLIENT_SIDECAR_SENT, SERVER_SIDECAR_SENT -> "time_to_first_upstream_tx_byte";
      case CLIENT_SIDECAR_ANSWER_READ, SERVER_SIDECAR_ANSWER_READ ->
          "time_to_first_upstream_rx_byte";
      case CLIENT_SIDECAR_ANSWERED, SERVER_SIDECAR_ANSWERED -> "time_to_first_downstream_tx_byte";
      case CLIENT_APP_READ_LAST -> "duration";
      default -> "";
    };
  }

  /** The exchange that the mark is read off, if it was joined. */
  static @Nullable Exchange exchange(Mark mark, Hop hop) {
    HalfHop client = hop.client();
    HalfHop server = hop.server();
    return switch (socket(mark)) {
      case "E1" -> client == null ? null : client.callingApp();
      case "E2" -> client == null ? null : client.downstream();
      case "E3" -> client == null ? null : client.upstream();
      case "E4" -> server == null ? null : server.downstream();
      case "E5" -> server == null ? null : server.upstream();
      default -> server == null ? null : server.servingApp();
    };
  }

  /** Why nothing is known of the mark's socket; null where something is. */
  static @Nullable String absence(Mark mark, Hop hop) {
    if (exchange(mark, hop) != null) {
      return null;
    }
    HalfHop half = mark.isClientSide() ? hop.client() : hop.server();
    String side = mark.isClientSide() ? "client" : "server";
    String socket = socket(mark);
    if (half == null) {
      return socket
          + ": no access log entry of a sidecar on the "
          + side
          + "'s side was joined: it has none, its ALS is off, or the entry was lost";
    }
    return socket
        + ": no exchange of this socket on node '"
        + half.node()
        + "' was joined: no agent there, the pod is not watched, or the socket is elsewhere";
  }
}
