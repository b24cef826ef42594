package io.hoptoll.model;

/** Takes what the kernel saw; must not block, and may be called by several threads. */
public interface SocketSink {
  void exchange(Exchange exchange);

  void connection(Connection connection);

  void transport(TransportEvent event);

  void drop(PacketDrop drop);

  void burst(Burst burst);

  /** What a connection's bytes are; again if more of them say more, as gRPC after HTTP/2. */
  default void protocol(SocketProtocol protocol) {}

  /** A call that a profiling task had read out of TLS. */
  default void tlsCall(HttpCall call) {}

  /** Where heads are looked at; before the exchange that the message belongs to. */
  default void message(HttpMessage message) {}

  /**
   * Whose end of a redirected connection an accepted socket's peer is, where its port is another.
   */
  default void rewrite(PortRewrite rewrite) {}

  void process(ProcessSample sample);

  /** A process in scope began, became another by exec, or ended. */
  default void running(RunningProcess process) {}

  void namespace(NetworkNamespace namespace);

  void clock(ClockSample sample);

  /**
   * Records the probes could not deliver since the last call (ring full), so that verdicts know.
   */
  void lost(String node, long records);
}
