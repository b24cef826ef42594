package io.hoptoll.agent;

/**
 * What of the apps' payload the probes may look at; numbered as {@code payload.h} does. Times, byte
 * counts and TCP's own account never need it.
 */
public enum Payload {
  /**
   * Nothing: no byte of any app's memory is copied. TLS and HTTP/2 are then not known as such: a
   * handshake counts as a request, multiplexed requests as one.
   */
  OFF,
  /**
   * What tells the protocol: each connection's first 32 bytes a direction, TLS record headers, the
   * ClientHello (for the server's name) and the begin of HTTP/2's first 8 reads and writes, at most
   * 512 bytes each. Recognised at once; nothing of it but the protocol and server name is kept.
   */
  PROTOCOL,
  /**
   * Also the first bytes of each HTTP/1 request in clear ({@link AgentConfig#headBytes}), as it is
   * read and as it is written, and its response's status; of HTTP/2 all frames with heads. Kept is
   * what {@link io.hoptoll.model.HttpHead} has.
   */
  HEADS
}
