package io.hoptoll.wire;

import io.hoptoll.model.TaskReading;
import java.util.List;
import java.util.Map;

/**
 * The socket agent's own account since its start, as the server shows it.
 *
 * @param running the probes are attached
 * @param payload what of the payload they may look at: off, protocol, heads; empty: not known, as
 *     of an older agent, which can be asked to read nothing
 * @param tasks heads and TLS may be read for profiling tasks ({@code agent.tasks})
 * @param missing what it runs without, in words
 * @param failures what the probes or their readers gave up, by place
 * @param reading how far what tasks ask for is read
 * @param entries of access logs that came to the agent, and what became of them, by event
 */
public record AgentHealth(
    boolean running,
    String hooks,
    String payload,
    boolean tasks,
    long exchanges,
    long connections,
    long ringLost,
    long sockets,
    List<String> missing,
    Map<String, Long> failures,
    List<TaskReading> reading,
    Map<String, Long> entries) {
  public AgentHealth {
    missing = List.copyOf(missing);
    failures = Map.copyOf(failures);
    reading = List.copyOf(reading);
    entries = Map.copyOf(entries);
  }

  static final AgentHealth NONE =
      new AgentHealth(false, "", "", true, 0, 0, 0, 0, List.of(), Map.of(), List.of(), Map.of());
}
