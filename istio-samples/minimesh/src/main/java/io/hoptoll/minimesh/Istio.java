package io.hoptoll.minimesh;

/** Numbers and names that Istio fixes: ports, the proxy's uid, name shapes, redirect rules. */
final class Istio {
  static final int OUTBOUND_PORT = 15001;
  static final int INBOUND_PORT = 15006;
  static final int HTTP_PORT = 9080;
  static final int TCP_PORT = 9090;
  static final int GRPC_PORT = 9070;
  static final int PROXY_UID = 1337;
  static final int APP_UID = 65534;
  static final String NAMESPACE = "default";
  static final String TRUST_DOMAIN = "cluster.local";

  private Istio() {}

  static String host(String service) {
    return service + "." + NAMESPACE + ".svc." + TRUST_DOMAIN;
  }

  static String outboundCluster(int port, String service) {
    return "outbound|" + port + "||" + host(service);
  }

  static String inboundCluster(int port) {
    return "inbound|" + port + "||";
  }

  static String spiffe(String workload) {
    return "spiffe://" + TRUST_DOMAIN + "/ns/" + NAMESPACE + "/sa/" + workload;
  }

  /** What istio-iptables installs in REDIRECT mode, for iptables-restore. */
  static String redirectRules() {
    return """
        *nat
        :ISTIO_INBOUND - [0:0]
        :ISTIO_IN_REDIRECT - [0:0]
        :ISTIO_OUTPUT - [0:0]
        :ISTIO_REDIRECT - [0:0]
        -A PREROUTING -p tcp -j ISTIO_INBOUND
        -A OUTPUT -p tcp -j ISTIO_OUTPUT
        -A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001
        -A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006
        -A ISTIO_INBOUND -p tcp --dport 15008 -j RETURN
        -A ISTIO_INBOUND -p tcp --dport 15090 -j RETURN
        -A ISTIO_INBOUND -p tcp --dport 15021 -j RETURN
        -A ISTIO_INBOUND -p tcp --dport 15020 -j RETURN
        -A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT
        -A ISTIO_OUTPUT -s 127.0.0.6/32 -o lo -j RETURN
        -A ISTIO_OUTPUT ! -d 127.0.0.1/32 -o lo -p tcp ! --dport 15008 -m owner --uid-owner 1337 -j ISTIO_IN_REDIRECT
        -A ISTIO_OUTPUT -o lo -m owner ! --uid-owner 1337 -j RETURN
        -A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN
        -A ISTIO_OUTPUT ! -d 127.0.0.1/32 -o lo -p tcp ! --dport 15008 -m owner --gid-owner 1337 -j ISTIO_IN_REDIRECT
        -A ISTIO_OUTPUT -o lo -m owner ! --gid-owner 1337 -j RETURN
        -A ISTIO_OUTPUT -m owner --gid-owner 1337 -j RETURN
        -A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN
        -A ISTIO_OUTPUT -j ISTIO_REDIRECT
        COMMIT
        """;
  }
}
