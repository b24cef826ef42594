package io.hoptoll.model;

/**
 * TCP packets of one direction of a connection that a kernel freed in one place for one reason,
 * before anyone had them. Instants as in {@link Exchange}.
 *
 * @param netns where it happened: the sender's or the receiver's
 * @param socketId the watched socket that sent them or was to receive them; 0: none was found yet
 * @param turn of that socket, when the last was freed
 * @param source of the packets, as their headers name it: before or after address translation
 * @param bytes with what was left of their headers
 * @param tcpFlags all flags that were seen in them: {@link #SYN}, ...
 * @param reason the kernel's name (enum skb_drop_reason without prefix), such as NETFILTER_DROP
 * @param location the kernel function that freed them, with the offset in it
 */
public record PacketDrop(
    String node,
    long netns,
    long socketId,
    int turn,
    Endpoint source,
    Endpoint destination,
    long firstNanos,
    long lastNanos,
    long packets,
    long bytes,
    int tcpFlags,
    String reason,
    String location) {

  /** RFC 9293 3.1. */
  public static final int SYN = 2;

  /** RFC 9293 3.1. */
  public static final int RST = 4;

  /** A connection was asked of a port that nobody listens on. */
  public boolean isRefusal() {
    return (tcpFlags & SYN) != 0 && reason.equals("NO_SOCKET");
  }
}
