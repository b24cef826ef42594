package io.hoptoll.model;

/** Protocols that are known from the first bytes of a TCP connection. */
public enum WireProtocol {
  UNKNOWN("TCP"),
  /** What is inside is not known. */
  TLS("TCP(TLS)"),
  /** TLS of a client that offers HTTP (ALPN). */
  HTTPS("HTTPS"),
  HTTP1("HTTP"),
  HTTP2("HTTP/2"),
  GRPC("gRPC"),
  MYSQL("MySQL"),
  POSTGRESQL("PostgreSQL"),
  REDIS("Redis"),
  KAFKA("Kafka"),
  MONGODB("MongoDB"),
  DNS("DNS");

  private final String label;

  WireProtocol(String label) {
    this.label = label;
  }

  /** As shown. */
  public String label() {
    return label;
  }

  /**
   * What is known with a later report. gRPC remains gRPC where HTTP/2 is all that one shows, and a
   * database a database where its connection goes on in TLS.
   */
  public WireProtocol with(WireProtocol later) {
    boolean saysLess =
        later == UNKNOWN || (later == TLS && this != UNKNOWN) || (later == HTTP2 && this == GRPC);
    return saysLess ? this : later;
  }
}
