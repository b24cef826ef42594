package io.hoptoll.correlator.pods;

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

  final Key key;
  final Meters client = new Meters();
  final Meters server = new Meters();
  final TreeSet<Integer> serverPorts = new TreeSet<>();
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

  String protocol() {
    if (isHttp) {
      return isTls ? "HTTPS" : "HTTP";
    }
    return isTls ? "TCP(TLS)" : "TCP";
  }
}
