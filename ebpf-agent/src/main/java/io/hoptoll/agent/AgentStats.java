package io.hoptoll.agent;

import java.util.List;
import java.util.Map;

/**
 * @param exchanges exchange records decoded
 * @param connections connection records decoded
 * @param ringLost records that found the ring full
 * @param failures by place, as the probes counted them
 * @param sockets watched at the last idle flush; each takes about 0.6 kB of kernel memory
 * @param hooks the set of kernel hooks in use: tracepoints, tracepoints+fentry, fentry,
 *     fentry-copied, kprobes
 * @param programs attached
 * @param transportEvents retransmits, resets, accept queue drops, closed windows
 * @param drops packets that a kernel freed before anyone had them
 * @param missing what this kernel cannot tell, in words
 */
public record AgentStats(
    long exchanges,
    long connections,
    long ringLost,
    Map<String, Long> failures,
    long sockets,
    String hooks,
    List<String> programs,
    long transportEvents,
    long drops,
    List<String> missing) {
  static final AgentStats NONE =
      new AgentStats(0, 0, 0, Map.of(), 0, "", List.of(), 0, 0, List.of());

  public AgentStats {
    failures = Map.copyOf(failures);
    programs = List.copyOf(programs);
    missing = List.copyOf(missing);
  }
}
