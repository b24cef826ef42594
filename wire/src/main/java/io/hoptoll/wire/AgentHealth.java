package io.hoptoll.wire;

import java.util.List;

/**
 * The socket agent's own account since its start, as the server shows it.
 *
 * @param running the probes are attached
 * @param missing what it runs without, in words
 */
public record AgentHealth(
    boolean running,
    String hooks,
    long exchanges,
    long connections,
    long ringLost,
    long sockets,
    List<String> missing) {
  public AgentHealth {
    missing = List.copyOf(missing);
  }

  static final AgentHealth NONE = new AgentHealth(false, "", 0, 0, 0, 0, List.of());
}
