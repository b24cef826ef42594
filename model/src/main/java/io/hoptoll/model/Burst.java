package io.hoptoll.model;

/**
 * Bytes read or written in one go (pauses below 0.1 ms) on a socket whose turns may hold many
 * requests: HTTP/2 in clear, and TLS. Instants as in {@link Exchange}.
 *
 * <p>The TCP sequence numbers (RFC 9293 3.4) are the same at both ends of the connection: they find
 * there what was sent here, whatever address translation lies between.
 *
 * @param incoming read, else written
 * @param flags of {@link Exchange}
 * @param readyNanos incoming: first data ready of what was read
 * @param firstNanos incoming: first read returned; outgoing: entry of the first send
 * @param lastNanos last read or send returned
 * @param seqFrom sequence number of the first byte (unsigned, wraps)
 * @param seqTo after the last byte
 */
public record Burst(
    String node,
    long netns,
    long socketId,
    SocketTuple tuple,
    Exchange.Role role,
    boolean incoming,
    int flags,
    Exchange.Owner owner,
    long readyNanos,
    long firstNanos,
    long lastNanos,
    int seqFrom,
    int seqTo) {

  public boolean holds(int seq) {
    return seq - seqFrom >= 0 && seqTo - seq > 0;
  }

  public boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
