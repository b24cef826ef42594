package io.hoptoll.agent.l7;

import io.hoptoll.model.WireProtocol;
import java.util.List;

/** All protocols that are told apart. */
public final class Recognisers {
  /**
   * HTTPS before TLS, gRPC before HTTP/2: they are these as well. No two others match the same
   * bytes.
   */
  static final List<Recogniser> ALL =
      List.of(
          new Https(),
          new Tls(),
          new Grpc(),
          new Http2(),
          new Http1(),
          new Redis(),
          new PostgreSql(),
          new MySql(),
          new MongoDb(),
          new Kafka(),
          new Dns());

  private Recognisers() {}

  /** Which of its names a TLS client asks the server for; empty where it tells none. */
  public static String serverName(Heads heads) {
    return ClientHello.of(heads.client()).map(ClientHello::serverName).orElse("");
  }

  public static WireProtocol recognise(Heads heads) {
    for (Recogniser r : ALL) {
      if (r.matches(heads)) {
        return r.protocol();
      }
    }
    return WireProtocol.UNKNOWN;
  }
}
