package io.hoptoll.model;

/**
 * What one watched process was kept from doing since the last sample. Source: its cgroup's {@code
 * cpu.stat} (v1 or v2), {@code /proc/PID/stat}, and the scheduler's tracepoints.
 *
 * @param atNanos the node's monotonic clock at the end of the interval
 * @param intervalNanos length of the interval
 * @param cpuNanos CPU time used by the process
 * @param throttledNanos time its cgroup was throttled (quota), {@link Nanos#UNSET} if unknown
 * @param throttledPeriods enforcement periods in which it was throttled
 * @param runQueueNanos time its threads together were ready to run and had no CPU, {@link
 *     Nanos#UNSET} if unknown; of several threads it may exceed the interval
 * @param runQueueWaits how many waits that were: each ended on a CPU in the interval
 * @param stopped it was stopped or frozen (state T, or the cgroup freezer) when looked at
 */
public record ProcessSample(
    String node,
    long netns,
    int tgid,
    String comm,
    long atNanos,
    long intervalNanos,
    long cpuNanos,
    long throttledNanos,
    int throttledPeriods,
    long runQueueNanos,
    int runQueueWaits,
    boolean stopped) {}
