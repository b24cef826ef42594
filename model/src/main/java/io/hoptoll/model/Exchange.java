package io.hoptoll.model;

/**
 * One request/response turn on one socket, as its kernel saw it. All instants are the node's
 * monotonic clock ({@code CLOCK_MONOTONIC}, ns), {@link Nanos#UNSET} where the moment never came.
 *
 * <p>A long turn is reported more than once (it paused, or the agent flushed it): same {@code
 * socketId} and {@code turn}, cumulative values, a later {@code emitNanos}. The last one wins.
 *
 * @param node name of the node whose clock this is
 * @param netns inode of the network namespace: with {@code node}, the pod's key
 * @param socketId kernel socket cookie, unique on the node until reboot
 * @param turn 0-based number of this turn on its connection (TLS handshake turns do not count)
 * @param emitNanos when the probe reported it
 * @param flags see the constants
 * @param httpStatus of an HTTP/1 response in clear, where heads are looked at; else 0
 */
public record Exchange(
    String node,
    long netns,
    long socketId,
    int turn,
    long emitNanos,
    SocketTuple tuple,
    Role role,
    int flags,
    Owner owner,
    Opening opening,
    Marks marks,
    Volume volume,
    Tcp tcp,
    int httpStatus) {

  /** Of a connection at whose content nobody looked. */
  public Exchange(
      String node,
      long netns,
      long socketId,
      int turn,
      long emitNanos,
      SocketTuple tuple,
      Role role,
      int flags,
      Owner owner,
      Opening opening,
      Marks marks,
      Volume volume,
      Tcp tcp) {
    this(
        node, netns, socketId, turn, emitNanos, tuple, role, flags, owner, opening, marks, volume,
        tcp, 0);
  }

  /** The socket was there before the agent: turn numbers do not start at the first request. */
  public static final int MIDWAY = 1;

  /** The connection is TLS: bytes are records, payload is not visible. */
  public static final int TLS = 2;

  /** The connection closed during this turn. */
  public static final int CLOSED = 4;

  /** Reported by the idle flush; a later report of the same turn may follow. */
  public static final int FLUSHED = 8;

  /** TLS 1.3 handshake and first request came too close to be told apart. */
  public static final int TLS_AMBIGUOUS = 16;

  /**
   * One request's part of a multiplexed connection, built from {@link Burst}s: other requests may
   * share them. {@code turn} is the TCP sequence number of the request's burst, {@code volume} its
   * and the response's bytes.
   */
  public static final int SHARED = 32;

  /** A reset was sent or received. */
  public static final int RESET = 64;

  /** Of a {@link Connection}: it was just established, a second report comes at its end. */
  public static final int OPENED = 128;

  /** HTTP/2 in clear: a turn is no request, its {@link Burst}s are told too. */
  public static final int MULTIPLEXED = 256;

  /**
   * TCP_NODELAY was set when the turn was reported ({@code tcp_sock.nonagle}): Nagle's algorithm
   * held none of its writes back.
   */
  public static final int NODELAY = 512;

  /** Which end of the connection this socket is. */
  public enum Role {
    UNKNOWN,
    CONNECT,
    ACCEPT
  }

  /** Process and thread of the turn's first read or write. */
  public record Owner(int tgid, int tid, String comm) {}

  /**
   * How the connection came to be; repeated in each of its turns.
   *
   * @param synNanos SYN sent (CONNECT only)
   * @param establishedNanos state ESTABLISHED
   * @param firstUseNanos first socket operation: an accept wait ends here
   * @param handshakeStartNanos first TLS handshake record seen
   * @param handshakeEndNanos the client's Finished sent (CONNECT) or read (ACCEPT)
   * @param synRetransmits SYNs sent again
   */
  public record Opening(
      long synNanos,
      long establishedNanos,
      long firstUseNanos,
      long handshakeStartNanos,
      long handshakeEndNanos,
      int synRetransmits) {}

  /**
   * CONNECT: send is the request, ready/read the response. ACCEPT: the other way round.
   *
   * @param readyFirstNanos first data of the incoming message ready in the socket
   * @param readyLastNanos last data ready before the last read
   * @param readFirstNanos first read returned
   * @param readLastNanos last read returned
   * @param sendFirstNanos entry of the first send
   * @param sendLastNanos last send returned
   */
  public record Marks(
      long readyFirstNanos,
      long readyLastNanos,
      long readFirstNanos,
      long readLastNanos,
      long sendFirstNanos,
      long sendLastNanos) {}

  /** Payload bytes and system calls of the turn; TLS sockets count records, not plaintext. */
  public record Volume(
      long bytesIn, long bytesOut, int reads, int sends, int wouldBlocks, int readyEvents) {}

  /**
   * TCP's own account; deltas over the turn, gauges at its end. Source: struct tcp_sock.
   *
   * @param minRttMicros {@code rtt_min}: the wire, not the peer's think time
   * @param srttMicros {@code srtt_us >> 3}: includes think time on request/response traffic
   * @param lastRttMicros the latest segment from (re)transmission to ACK: delayed ACKs included
   * @param congestionWindow segments
   */
  public record Tcp(
      int minRttMicros,
      int srttMicros,
      int lastRttMicros,
      int retransmits,
      int lost,
      int outOfOrder,
      int dsacks,
      int busyMillis,
      int receiveWindowLimitedMillis,
      int sendBufferLimitedMillis,
      int congestionWindow,
      int receiveQueueMax,
      int segmentsIn,
      int segmentsOut,
      Windows windows) {

    /** Of a socket whose windows nobody told. */
    public Tcp(
        int minRttMicros,
        int srttMicros,
        int lastRttMicros,
        int retransmits,
        int lost,
        int outOfOrder,
        int dsacks,
        int busyMillis,
        int receiveWindowLimitedMillis,
        int sendBufferLimitedMillis,
        int congestionWindow,
        int receiveQueueMax,
        int segmentsIn,
        int segmentsOut) {
      this(
          minRttMicros,
          srttMicros,
          lastRttMicros,
          retransmits,
          lost,
          outOfOrder,
          dsacks,
          busyMillis,
          receiveWindowLimitedMillis,
          sendBufferLimitedMillis,
          congestionWindow,
          receiveQueueMax,
          segmentsIn,
          segmentsOut,
          Windows.UNKNOWN);
    }
  }

  /**
   * What the two ends let each other send, and how fast it went; as {@code tcp_info} has it.
   *
   * @param sendBytes the peer's window as it was last offered: {@code tcpi_snd_wnd}
   * @param receiveBytes the window last offered to the peer: {@code tcpi_rcv_wnd}
   * @param deliveryBytesPerSecond acknowledged by the peer, latest sample: {@code
   *     tcpi_delivery_rate}; 0: none yet
   */
  public record Windows(int sendBytes, int receiveBytes, long deliveryBytesPerSecond) {
    public static final Windows UNKNOWN = new Windows(0, 0, 0);
  }

  public boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
