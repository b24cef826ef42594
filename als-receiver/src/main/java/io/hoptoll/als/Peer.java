package io.hoptoll.als;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.hoptoll.model.Proxy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a connection.
 *
 * @param name its address without the ephemeral port; unix peers have no name
 * @param isVouchedFor whether it had to show a certificate
 * @param certified whom that names; null where it names no workload
 */
record Peer(String name, boolean isVouchedFor, @Nullable SpiffeName certified) {
  static Peer of(Attributes transport, boolean certificatesNeeded) {
    SSLSession session = transport.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    boolean vouched = certificatesNeeded && session != null;
    return new Peer(
        name(transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)),
        vouched,
        vouched ? SpiffeName.of(session) : null);
  }

  static String name(@Nullable SocketAddress peer) {
    return peer instanceof InetSocketAddress ip && ip.getAddress() != null
        ? ip.getAddress().getHostAddress()
        : "unix";
  }

  /** Why it cannot be who it says it is; empty where nothing speaks against it. */
  String contradiction(Proxy said, Node node) {
    if (!isVouchedFor) {
      return "";
    }
    if (certified == null) {
      return "its certificate names no workload (spiffe://.../ns/NAMESPACE/sa/ACCOUNT), so its"
          + " word for being '%s' is not taken".formatted(said.nodeId());
    }
    String other = certified.contradiction(said, node);
    return other.isEmpty()
        ? ""
        : "its certificate is for %s, but it says %s (node '%s')"
            .formatted(certified, other, said.nodeId());
  }
}
