package io.hoptoll.agent;

import io.hoptoll.model.ProcessSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the processes that own watched sockets: CPU used, throttled by quota, waited for on the
 * run queue, stopped. Source: {@code /proc/PID/stat} (proc(5): state, utime, stime), the cgroup's
 * cpu.stat, {@link RunQueue}.
 */
final class ProcessWatch {
  static final int MAX = 1_024;

  /** Looks per call, about 20 µs each: with more processes than this, each is looked at less. */
  private static final int MAX_LOOKS = 128;

  private static final long USER_TICK_NANOS = 10_000_000; // USER_HZ is 100 on every port

  private static final class Watched {
    final int tgid;
    final long netns;
    final String comm;
    final @Nullable Path cpuStat;
    long atNanos;
    long cpuNanos;
    @Nullable CpuStat throttling;
    RunQueue.@Nullable Wait wait;

    Watched(int tgid, long netns, String comm, @Nullable Path cpuStat) {
      this.tgid = tgid;
      this.netns = netns;
      this.comm = comm;
      this.cpuStat = cpuStat;
    }
  }

  private record Stat(boolean stopped, long cpuNanos) {}

  private final Path proc;
  private final String node;
  private final RunQueue runQueue;
  private final List<CgroupMount> mounts;
  private final Set<Integer> known = new HashSet<>();

  /** Next to be looked at first. */
  private final Queue<Watched> watched = new ArrayDeque<>();

  ProcessWatch(Path proc, String node, RunQueue runQueue) throws IOException {
    this.proc = proc;
    this.node = node;
    this.runQueue = runQueue;
    this.mounts = CgroupMount.read(proc);
  }

  /** Follows this process from now on, until it ends. */
  void watch(int tgid, long netns, String comm) {
    if (tgid > 0 && watched.size() < MAX && known.add(tgid)) {
      watched.add(new Watched(tgid, netns, comm, CpuStat.locate(proc, tgid, mounts)));
      runQueue.watch(tgid);
    }
  }

  /** Looks at each process once, or at those whose turn it is; reports what happened since. */
  void sample(long nowNanos, Consumer<ProcessSample> out) {
    for (int looks = Math.min(watched.size(), MAX_LOOKS); looks > 0; looks--) {
      Watched w = watched.remove();
      Stat stat = stat(w.tgid);
      if (stat == null) {
        known.remove(w.tgid);
        runQueue.forget(w.tgid);
      } else {
        watched.add(w);
        sample(w, stat, nowNanos, out);
      }
    }
  }

  int size() {
    return watched.size();
  }

  private void sample(Watched w, Stat stat, long now, Consumer<ProcessSample> out) {
    CpuStat throttling = w.cpuStat == null ? null : CpuStat.read(w.cpuStat);
    RunQueue.Wait wait = runQueue.read(w.tgid);
    if (w.atNanos != 0) {
      out.accept(since(w, stat, throttling, wait, now));
    }
    w.atNanos = now;
    w.cpuNanos = stat.cpuNanos();
    w.throttling = throttling;
    w.wait = wait;
  }

  private ProcessSample since(
      Watched w, Stat stat, @Nullable CpuStat throttling, RunQueue.@Nullable Wait wait, long now) {
    CpuStat throttled = CpuStat.growth(w.throttling, throttling);
    RunQueue.Wait waited = RunQueue.Wait.growth(w.wait, wait);
    return new ProcessSample(
        node,
        w.netns,
        w.tgid,
        w.comm,
        now,
        now - w.atNanos,
        stat.cpuNanos() - w.cpuNanos,
        throttled.throttledNanos(),
        throttled.throttledPeriods(),
        waited.nanos(),
        (int) waited.times(),
        stat.stopped());
  }

  /** State and CPU time; the command's name may hold spaces, so fields count from its ")". */
  private @Nullable Stat stat(int tgid) {
    try {
      String line = Files.readString(proc.resolve(tgid + "/stat"));
      String[] field = line.substring(line.lastIndexOf(')') + 2).split(" ");
      char state = field[0].charAt(0);
      long ticks = Long.parseLong(field[11]) + Long.parseLong(field[12]);
      return new Stat(state == 'T' || state == 't', ticks * USER_TICK_NANOS);
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }
}
