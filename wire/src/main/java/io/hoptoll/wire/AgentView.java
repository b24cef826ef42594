package io.hoptoll.wire;

import java.util.Map;

/**
 * One node's agent, as the server knows it. Counts are since the server's start, except what the
 * agent says of itself.
 *
 * @param connected its stream stands
 * @param address it came from
 * @param heardMillis wall clock when it last said anything
 * @param clockOffsetNanos its wall clock − the server's, as of the tightest of the latest round
 *     trips
 * @param clockBoundNanos by how much that may be wrong; 0: not measured yet
 * @param lagNanos age of the oldest record that is not here yet; corrected by the clock's offset
 * @param applied last sequence number handed on
 * @param duplicates batches that came again
 * @param malformed batches that could not be read, in whole or in part
 * @param unknownRecords of kinds that only a newer version knows
 * @param shed records that the agent gave up since its start, by cause
 * @param bufferedBytes waiting at the agent, of {@code bufferBytes}
 * @param probes the agent's socket agent
 */
public record AgentView(
    String node,
    boolean connected,
    String address,
    String version,
    String bootId,
    String epoch,
    long heardMillis,
    long clockOffsetNanos,
    long clockBoundNanos,
    long lagNanos,
    long applied,
    long batches,
    long records,
    long duplicates,
    long malformed,
    long unknownRecords,
    Map<String, Long> shed,
    long bufferedBytes,
    long bufferBytes,
    AgentHealth probes) {
  public AgentView {
    shed = Map.copyOf(shed);
  }
}
