package io.hoptoll.minimesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A cgroup for one container of a pod, with the CPU controller of v1 or of v2. */
public final class CpuGroup {
  private static final Path V1 = Path.of("/sys/fs/cgroup/cpu");
  private static final Path V2 = Path.of("/sys/fs/cgroup");
  private static final int PERIOD_MICROS = 100_000;

  private final Path dir;
  private final boolean v1;

  private CpuGroup(Path dir, boolean v1) {
    this.dir = dir;
    this.v1 = v1;
  }

  /** The folder that holds a mesh's groups; null where no CPU controller can be used. */
  static @Nullable Path root(String instance) {
    try {
      Path base = Files.isDirectory(V1) ? V1 : V2;
      Path root = Files.createDirectory(base.resolve(instance));
      if (base.equals(V2)) {
        Files.writeString(V2.resolve("cgroup.subtree_control"), "+cpu");
        Files.writeString(root.resolve("cgroup.subtree_control"), "+cpu");
      }
      return root;
    } catch (IOException e) {
      return null; // quotas cannot be injected here; the faults that need them say so
    }
  }

  static CpuGroup create(Path root, String name) {
    try {
      Path dir = Files.createDirectory(root.resolve(name));
      return new CpuGroup(dir, Files.exists(dir.resolve("cpu.cfs_quota_us")));
    } catch (IOException e) {
      throw new MeshException("cgroup " + name + ": " + e.getMessage(), e);
    }
  }

  void add(long pid) {
    write("cgroup.procs", String.valueOf(pid));
  }

  /** Limits the group to so many µs of CPU in each 100 ms; 0 lifts the limit. */
  public void quota(int micros) {
    if (v1) {
      write("cpu.cfs_quota_us", micros == 0 ? "-1" : String.valueOf(micros));
    } else {
      write("cpu.max", (micros == 0 ? "max" : String.valueOf(micros)) + " " + PERIOD_MICROS);
    }
  }

  /** Nanoseconds throttled so far. */
  public long throttledNanos() {
    try {
      for (String line : Files.readAllLines(dir.resolve("cpu.stat"))) {
        if (line.startsWith("throttled_time ")) {
          return Long.parseLong(line.substring(15));
        }
        if (line.startsWith("throttled_usec ")) {
          return Long.parseLong(line.substring(15)) * 1_000;
        }
      }
      return 0;
    } catch (IOException e) {
      throw new MeshException(dir + "/cpu.stat: " + e.getMessage(), e);
    }
  }

  private void write(String file, String value) {
    try {
      Files.writeString(dir.resolve(file), value);
    } catch (IOException e) {
      throw new MeshException(dir.resolve(file) + " <- " + value + ": " + e.getMessage(), e);
    }
  }
}
