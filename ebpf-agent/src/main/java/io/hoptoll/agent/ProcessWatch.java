package io.hoptoll.agent;

import io.hoptoll.model.Nanos;
import io.hoptoll.model.ProcessSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the processes that own watched sockets: CPU used, throttled by quota, stopped. Source:
 * {@code /proc/PID/stat} (proc(5): state, utime, stime) and the cgroup's cpu.stat.
 */
final class ProcessWatch {
  private static final int MAX = 1_024;
  private static final long USER_TICK_NANOS = 10_000_000; // USER_HZ is 100 on every port

  private static final class Watched {
    final long netns;
    final String comm;
    final @Nullable Path cpuStat;
    long atNanos;
    long cpuNanos;
    @Nullable CpuStat throttling;

    Watched(long netns, String comm, @Nullable Path cpuStat) {
      this.netns = netns;
      this.comm = comm;
      this.cpuStat = cpuStat;
    }
  }

  private record Stat(boolean stopped, long cpuNanos) {}

  private final Path proc;
  private final String node;
  private final List<CpuStat.Mount> mounts;
  private final Map<Integer, Watched> watched = new HashMap<>();

  ProcessWatch(Path proc, String node) throws IOException {
    this.proc = proc;
    this.node = node;
    this.mounts = CpuStat.Mount.read(proc);
  }

  /** Follows this process from now on, until it ends. */
  void watch(int tgid, long netns, String comm) {
    if (tgid > 0 && watched.size() < MAX && !watched.containsKey(tgid)) {
      watched.put(tgid, new Watched(netns, comm, CpuStat.locate(proc, tgid, mounts)));
    }
  }

  /** Looks at each process once and reports what happened since the last look. */
  void sample(long nowNanos, Consumer<ProcessSample> out) {
    for (Iterator<Map.Entry<Integer, Watched>> i = watched.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<Integer, Watched> e = i.next();
      Stat stat = stat(e.getKey());
      if (stat == null) {
        i.remove();
      } else {
        sample(e.getKey(), e.getValue(), stat, nowNanos, out);
      }
    }
  }

  int size() {
    return watched.size();
  }

  private void sample(int tgid, Watched w, Stat stat, long now, Consumer<ProcessSample> out) {
    CpuStat before = w.throttling;
    CpuStat after = w.cpuStat == null ? null : CpuStat.read(w.cpuStat);
    long throttled = Nanos.UNSET;
    int periods = 0;
    if (before != null && after != null) {
      throttled = after.throttledNanos() - before.throttledNanos();
      periods = after.throttledPeriods() - before.throttledPeriods();
    }
    if (w.atNanos != 0) {
      long interval = now - w.atNanos;
      long cpu = stat.cpuNanos() - w.cpuNanos;
      out.accept(
          new ProcessSample(
              node, w.netns, tgid, w.comm, now, interval, cpu, throttled, periods, stat.stopped()));
    }
    w.atNanos = now;
    w.cpuNanos = stat.cpuNanos();
    w.throttling = after;
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
