package io.hoptoll.correlator.pods;

import io.hoptoll.model.WireProtocol;
import java.util.TreeSet;

/** The connections from one party to another, seen from the sockets of one pod. */
final class Line {
  /** Client to server. */
  record Key(Party client, Party server) {
    String id() {
      return client.id() + "-" + server.id();
    }
  }

  private static final int MAX_PORTS = 8;
  private static final int MAX_NAMES = 8;

  final Key key;
  final Meters client = new Meters();
  final Meters server = new Meters();
  final TreeSet<Integer> serverPorts = new TreeSet<>();
  final TreeSet<String> serverNames = new TreeSet<>();
  WireProtocol protocol = WireProtocol.UNKNOWN;
  boolean isTls;
  boolean isHttp;
  long lastNanos;

  Line(Key key) {
    this.key = key;
  }

  void port(int port) {
    if (serverPorts.size() < MAX_PORTS) {
      serverPorts.add(port);
    }
  }

  void serverName(String name) {
    if (!name.isEmpty() && serverNames.size() < MAX_NAMES) {
      serverNames.add(name);
    }
  }

  String protocol() {
    if (isHttp && isTls) { // the access log says what TLS carries
      return "HTTPS";
    }
    if (protocol != WireProtocol.UNKNOWN) {
      return protocol.label();
    }
    if (isHttp) {
      return "HTTP";
    }
    return isTls ? WireProtocol.TLS.label() : WireProtocol.UNKNOWN.label();
  }
}
