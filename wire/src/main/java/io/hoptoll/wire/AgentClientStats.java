package io.hoptoll.wire;

import java.util.Map;

/**
 * @param connected the server has said Welcome on the present stream
 * @param problem why not, in words; empty while connected
 * @param streams begun with a Welcome since the start
 * @param bufferedBytes not acknowledged yet
 * @param shed records given up since the start, by cause
 */
public record AgentClientStats(
    boolean connected, String problem, long streams, long bufferedBytes, Map<String, Long> shed) {
  public AgentClientStats {
    shed = Map.copyOf(shed);
  }
}
