package io.hoptoll.bench.accuracy;

import io.hoptoll.minimesh.LoadPlan;

/** What the requests are made of. */
enum Protocol {
  /** HTTP/1.1 all the way. */
  HTTP1,
  /** HTTP/1.1 at the apps, HTTP/2 between sidecars. */
  HTTP2,
  GRPC_UNARY,
  GRPC_STREAM,
  TCP;

  boolean isGrpc() {
    return this == GRPC_UNARY || this == GRPC_STREAM;
  }

  /** Load on the first service of the chain. */
  LoadPlan plan(double rate, int connections) {
    return switch (this) {
      case HTTP1, HTTP2 -> LoadPlan.of("hop1", "/accuracy", rate, connections);
      case GRPC_UNARY -> LoadPlan.grpc("hop1", false, rate, connections);
      case GRPC_STREAM -> LoadPlan.grpc("hop1", true, rate, connections);
      case TCP -> LoadPlan.tcp("hop1", rate, connections, true);
    };
  }
}
