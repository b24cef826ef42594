package io.hoptoll.agent;

import io.hoptoll.model.Nanos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cgroup's throttling counters. v1: {@code throttled_time} in ns; v2: {@code throttled_usec}.
 *
 * @param throttledNanos since the cgroup was made
 * @param throttledPeriods enforcement periods in which it ran out of quota
 */
record CpuStat(long throttledNanos, int throttledPeriods) {

  /** The cpu.stat of a process' cgroup, or null where it has no CPU controller. */
  static @Nullable Path locate(Path proc, int tgid, List<CgroupMount> mounts) {
    try {
      Path v2 = null;
      for (String line : Files.readAllLines(proc.resolve(tgid + "/cgroup"))) {
        String[] part = line.split(":", 3); // id:controllers:path, cgroups(7)
        for (CgroupMount mount : mounts) {
          Path stat = mount.cgroup(part[2]).resolve("cpu.stat");
          boolean v1Cpu = !mount.v2() && List.of(part[1].split(",")).contains("cpu");
          if (v1Cpu && Files.isReadable(stat)) {
            return stat;
          }
          if (mount.v2() && part[1].isEmpty() && Files.isReadable(stat)) {
            v2 = stat;
          }
        }
      }
      return v2;
    } catch (IOException e) {
      return null; // the process ended
    }
  }

  /** What came between two looks; unset where one of them saw nothing. */
  static CpuStat growth(@Nullable CpuStat before, @Nullable CpuStat after) {
    return before == null || after == null
        ? new CpuStat(Nanos.UNSET, 0)
        : new CpuStat(
            after.throttledNanos - before.throttledNanos,
            after.throttledPeriods - before.throttledPeriods);
  }

  static @Nullable CpuStat read(Path stat) {
    long nanos = 0;
    int periods = 0;
    try {
      for (String line : Files.readAllLines(stat)) {
        int space = line.indexOf(' ');
        long value = Long.parseLong(line.substring(space + 1));
        switch (line.substring(0, space)) {
          case "throttled_time" -> nanos = value;
          case "throttled_usec" -> nanos = value * 1_000;
          case "nr_throttled" -> periods = (int) value;
          default -> {}
        }
      }
      return new CpuStat(nanos, periods);
    } catch (IOException e) {
      return null;
    }
  }
}
