package io.hoptoll.correlator;

import io.hoptoll.model.Nanos;
import io.hoptoll.model.ProcessSample;

/** What a process was kept from doing, summed over samples. */
final class ProcessTime {
  static final ProcessTime NONE = new ProcessTime();

  private long intervalNanos;
  private long throttledNanos;
  private long cpuNanos;
  private int throttledPeriods;
  private long runQueueNanos;
  private long runQueueWaits;
  private int samples;
  private int stopped;

  /** A process's time in all of these windows. */
  static ProcessTime of(ProcessKey process, Iterable<Window> windows) {
    ProcessTime sum = new ProcessTime();
    for (Window w : windows) {
      ProcessTime part = w.process(process);
      if (part != null) {
        sum.add(part);
      }
    }
    return sum;
  }

  void add(ProcessSample s) {
    intervalNanos += s.intervalNanos();
    throttledNanos += Nanos.isSet(s.throttledNanos()) ? s.throttledNanos() : 0;
    cpuNanos += s.cpuNanos();
    throttledPeriods += s.throttledPeriods();
    runQueueNanos += Nanos.isSet(s.runQueueNanos()) ? s.runQueueNanos() : 0;
    runQueueWaits += s.runQueueWaits();
    samples++;
    stopped += s.stopped() ? 1 : 0;
  }

  void add(ProcessTime other) {
    intervalNanos += other.intervalNanos;
    throttledNanos += other.throttledNanos;
    cpuNanos += other.cpuNanos;
    throttledPeriods += other.throttledPeriods;
    runQueueNanos += other.runQueueNanos;
    runQueueWaits += other.runQueueWaits;
    samples += other.samples;
    stopped += other.stopped;
  }

  void write(Out out) {
    out.number(intervalNanos).number(throttledNanos).number(cpuNanos).number(throttledPeriods);
    out.number(runQueueNanos).number(runQueueWaits).number(samples).number(stopped);
  }

  static ProcessTime read(In in) {
    ProcessTime time = new ProcessTime();
    time.intervalNanos = in.number();
    time.throttledNanos = in.number();
    time.cpuNanos = in.number();
    time.throttledPeriods = (int) in.number();
    time.runQueueNanos = in.number();
    time.runQueueWaits = in.number();
    time.samples = (int) in.number();
    time.stopped = (int) in.number();
    return time;
  }

  /** Share (0..1) of the time in which its cgroup was throttled. */
  double throttledShare() {
    return intervalNanos == 0 ? 0 : Math.min(1, (double) throttledNanos / intervalNanos);
  }

  /** The time that all shares are of. */
  long intervalNanos() {
    return intervalNanos;
  }

  /** How many of its threads were ready and had no CPU, on average. */
  double waitingThreads() {
    return intervalNanos == 0 ? 0 : (double) runQueueNanos / intervalNanos;
  }

  long runQueueNanos() {
    return runQueueNanos;
  }

  long runQueueWaits() {
    return runQueueWaits;
  }

  /** Share (0..1) of the looks at which it was stopped or frozen. */
  double stoppedShare() {
    return samples == 0 ? 0 : (double) stopped / samples;
  }

  /** CPUs used on average. */
  double cpus() {
    return intervalNanos == 0 ? 0 : (double) cpuNanos / intervalNanos;
  }

  int throttledPeriods() {
    return throttledPeriods;
  }
}
