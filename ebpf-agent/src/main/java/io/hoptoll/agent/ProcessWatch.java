package io.hoptoll.agent;

import io.hoptoll.model.ProcessSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the processes that own watched sockets: CPU used, throttled by quota, waited for on the
 * run queue, stopped. Source: {@code /proc/PID/stat} (proc(5): state, utime, stime), the cgroup's
 * cpu.stat, {@link RunQueue}. Of a pod's other processes: what CPU they use, each second.
 */
final class ProcessWatch {
  /** Owners of sockets. */
  static final int MAX = 1_024;

  /** Processes of pods that own none, looked at once a second: 1 % of a CPU. */
  static final int MAX_OTHERS = 512;

  /** Looks per call, about 20 µs each: with more processes than this, each is looked at less. */
  private static final int MAX_LOOKS = 128;

  /** Whose sockets told nothing for so long is looked at only so often. */
  private static final long RESTING_AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long RESTING_LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long USER_TICK_NANOS = 10_000_000; // USER_HZ is 100 on every port

  private static final class Watched {
    final int tgid;
    final long netns;
    final @Nullable Path cpuStat;
    String comm;
    boolean isOwner;
    long heardNanos;
    boolean stopped;
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

    boolean isResting(long now) {
      return !isOwner || !stopped && now - heardNanos >= RESTING_AFTER_NANOS;
    }

    boolean isDue(long now) {
      return !isResting(now) || now - atNanos >= RESTING_LOOK_NANOS;
    }
  }

  private record Stat(boolean stopped, long cpuNanos) {}

  private final Path proc;
  private final String node;
  private final RunQueue runQueue;
  private final List<CgroupMount> mounts;
  private final Map<Integer, Watched> known = new HashMap<>();

  /** Next to be looked at first. */
  private final Queue<Watched> watched = new ArrayDeque<>();

  private int others;

  ProcessWatch(Path proc, String node, RunQueue runQueue) throws IOException {
    this.proc = proc;
    this.node = node;
    this.runQueue = runQueue;
    this.mounts = CgroupMount.read(proc);
  }

  /** Its sockets told something: follows this process from now on, until it ends. */
  void watch(int tgid, long netns, String comm, long nowNanos) {
    Watched w = known.get(tgid);
    if (tgid > 0 && (w == null || !w.isOwner) && owners() < MAX) {
      if (w == null) {
        w = add(tgid, netns, comm);
      } else {
        others--;
      }
      w.isOwner = true;
      w.comm = comm;
      runQueue.watch(tgid);
    }
    if (w != null) {
      w.heardNanos = nowNanos;
    }
  }

  /** A process of a pod, with sockets or without: follows what CPU it uses, until it ends. */
  void watchUse(int tgid, long netns, String comm) {
    if (others < MAX_OTHERS && !known.containsKey(tgid)) {
      add(tgid, netns, comm);
      others++;
    }
  }

  private Watched add(int tgid, long netns, String comm) {
    Watched w = new Watched(tgid, netns, comm, CpuStat.locate(proc, tgid, mounts));
    known.put(tgid, w);
    watched.add(w);
    return w;
  }

  private int owners() {
    return watched.size() - others;
  }

  /**
   * Looks at each process once, or at those whose turn it is; reports what happened since. Those
   * whose sockets rest wait for a second.
   */
  void sample(long nowNanos, Consumer<ProcessSample> out) {
    int looks = MAX_LOOKS;
    for (int left = watched.size(); left > 0 && looks > 0; left--) {
      Watched w = watched.remove();
      Stat stat = null;
      boolean isDue = w.isDue(nowNanos);
      if (isDue) {
        looks--;
        stat = stat(w.tgid);
      }
      if (isDue && stat == null) {
        forget(w);
        continue;
      }
      watched.add(w);
      if (stat != null) {
        sample(w, stat, nowNanos, out);
      }
    }
  }

  private void forget(Watched w) {
    known.remove(w.tgid);
    if (w.isOwner) {
      runQueue.forget(w.tgid);
    } else {
      others--;
    }
  }

  /** All rest: to look once a second is enough. */
  boolean isIdle(long nowNanos) {
    return watched.stream().allMatch(w -> w.isResting(nowNanos));
  }

  int size() {
    return watched.size();
  }

  private void sample(Watched w, Stat stat, long now, Consumer<ProcessSample> out) {
    CpuStat throttling = w.cpuStat == null ? null : CpuStat.read(w.cpuStat);
    RunQueue.Wait wait = w.isOwner ? runQueue.read(w.tgid) : null;
    boolean isToTell = w.isOwner || stat.cpuNanos() != w.cpuNanos;
    if (w.atNanos != 0 && isToTell) {
      out.accept(since(w, stat, throttling, wait, now));
    }
    w.stopped = stat.stopped();
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
