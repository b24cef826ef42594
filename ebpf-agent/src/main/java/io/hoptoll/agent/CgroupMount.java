package io.hoptoll.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a hierarchy of cgroups is mounted. On version 2 a container that is not privileged has a
 * cgroup namespace of its own: {@code /proc/PID/cgroup} then tells paths as seen from its own
 * cgroup, {@code /../../kubepods-pod1.slice/...}, while the host's mount has them all
 * (cgroup_namespaces(7)).
 *
 * @param v2 the unified hierarchy, else a v1 hierarchy with the cpu controller
 * @param root the cgroup that {@code /} means in {@code /proc/PID/cgroup}
 */
record CgroupMount(String path, boolean v2, Path root) {
  /** Kubernetes nests five deep; a container in a container ten. */
  private static final int DEPTH = 16;

  CgroupMount(String path, boolean v2) {
    this(path, v2, Path.of(path));
  }

  /** Those of this process. */
  static List<CgroupMount> read(Path proc) throws IOException {
    List<CgroupMount> all = new ArrayList<>();
    for (String line : Files.readAllLines(proc.resolve("self/mounts"))) {
      String[] f = line.split(" ");
      if (f[2].equals("cgroup2")) {
        all.add(new CgroupMount(f[1], true, namespace(Path.of(f[1]), own(proc))));
      } else if (f[2].equals("cgroup") && List.of(f[3].split(",")).contains("cpu")) {
        all.add(new CgroupMount(f[1], false));
      }
    }
    return all;
  }

  /** The directory of a cgroup that {@code /proc/PID/cgroup} names. */
  Path cgroup(String named) {
    return Path.of(root + named).normalize();
  }

  /** This process' cgroup of version 2, in the words of its namespace. */
  private static String own(Path proc) throws IOException {
    return Files.readAllLines(proc.resolve("self/cgroup")).stream()
        .filter(line -> line.startsWith("0::"))
        .map(line -> line.substring(3))
        .findFirst()
        .orElse("/");
  }

  /** Above the cgroup that has this process, by as much as the process says it is below. */
  private static Path namespace(Path mount, String own) {
    if (hasThisProcess(Path.of(mount + own))) {
      return mount;
    }
    try (Stream<Path> all = Files.walk(mount, DEPTH)) {
      Path found =
          all.filter(Files::isDirectory)
              .filter(CgroupMount::hasThisProcess)
              .findFirst()
              .orElse(mount);
      return found.endsWith(own.substring(1)) && own.length() > 1
          ? found.getRoot().resolve(found.subpath(0, found.getNameCount() - depth(own)))
          : found;
    } catch (IOException | UncheckedIOException e) {
      return mount; // a cgroup ended meanwhile; throttling stays unknown
    }
  }

  private static int depth(String path) {
    return Path.of(path).getNameCount();
  }

  private static boolean hasThisProcess(Path cgroup) {
    try {
      String pid = Long.toString(ProcessHandle.current().pid());
      return Files.readAllLines(cgroup.resolve("cgroup.procs")).contains(pid);
    } catch (IOException e) {
      return false;
    }
  }
}
