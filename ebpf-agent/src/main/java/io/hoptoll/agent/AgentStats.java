package io.hoptoll.agent;

import java.util.List;
import java.util.Map;

/**
 * @param exchanges exchange records decoded
 * @param connections connection records decoded
 * @param ringLost records that found the ring full
 * @param failures by place, as the probes counted them
 * @param programs attached
 */
public record AgentStats(
    long exchanges,
    long connections,
    long ringLost,
    Map<String, Long> failures,
    List<String> programs) {
  public AgentStats {
    failures = Map.copyOf(failures);
    programs = List.copyOf(programs);
  }
}
