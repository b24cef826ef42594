package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Throttling counters of both cgroup versions, out of written files. */
class CpuStatTest {
  private static final int TGID = 4_711;

  @TempDir Path root;

  @Test
  void version1CountsNanoseconds() throws IOException {
    Path stat = write("cpu.stat", "nr_periods 101\nnr_throttled 7\nthrottled_time 23000019\n");
    assertEquals(new CpuStat(23_000_019, 7), CpuStat.read(stat));
  }

  @Test
  void version2CountsMicroseconds() throws IOException {
    Path stat =
        write(
            "cpu.stat",
            "usage_usec 991\nuser_usec 601\nsystem_usec 390\nnr_periods 101\nnr_throttled 7\n"
                + "throttled_usec 23019\nnr_bursts 0\nburst_usec 0\n");
    assertEquals(new CpuStat(23_019_000, 7), CpuStat.read(stat));
  }

  @Test
  void aCgroupThatIsGoneHasNone() {
    assertNull(CpuStat.read(root.resolve("gone")));
    assertNull(CpuStat.locate(root, TGID, List.of()));
  }

  @Test
  void whereVersion1HasTheControllerItWins() throws IOException {
    write(
        "proc/" + TGID + "/cgroup",
        "4:cpu,cpuacct:/pod/one\n1:name=systemd:/pod/one\n0::/pod/one\n");
    Path v1 = write("cpu/pod/one/cpu.stat", "");
    write("unified/pod/one/cpu.stat", "");
    assertEquals(v1, CpuStat.locate(root.resolve("proc"), TGID, mounts()));
  }

  @Test
  void onAVersion2NodeTheUnifiedOne() throws IOException {
    write("proc/" + TGID + "/cgroup", "0::/kubepods.slice/pod/one\n");
    Path v2 = write("unified/kubepods.slice/pod/one/cpu.stat", "");
    assertEquals(v2, CpuStat.locate(root.resolve("proc"), TGID, mounts()));
  }

  @Test
  void mountsWithoutCpuAreNoCandidates() throws IOException {
    write("proc/self/cgroup", "0::/\n");
    write(
        "proc/self/mounts",
        "cgroup2 /sys/fs/cgroup/unified cgroup2 rw,nosuid 0 0\n"
            + "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0\n"
            + "cgroup /sys/fs/cgroup/cpuset cgroup rw,cpuset 0 0\n"
            + "proc /proc proc rw 0 0\n");
    assertEquals(
        List.of(
            new CgroupMount("/sys/fs/cgroup/unified", true),
            new CgroupMount("/sys/fs/cgroup/cpu,cpuacct", false)),
        CgroupMount.read(root.resolve("proc")));
  }

  /** What a container reads that has a cgroup namespace of its own and the host's cgroups. */
  @Test
  void fromAnotherNamespaceTheRootIsWhereThisProcessIs() throws IOException {
    String pid = ProcessHandle.current().pid() + "\n";
    write("proc/self/mounts", "cgroup2 " + root + "/unified cgroup2 ro 0 0\n");
    write("proc/self/cgroup", "0::/\n");
    write("unified/cgroup.procs", "");
    write("unified/kubepods.slice/pod/hoptoll/cgroup.procs", "1\n" + pid);
    Path other = write("unified/kubepods.slice/other/app/cpu.stat", "");
    write("proc/" + TGID + "/cgroup", "0::/../../other/app\n");
    List<CgroupMount> mounts = CgroupMount.read(root.resolve("proc"));
    assertEquals(other, CpuStat.locate(root.resolve("proc"), TGID, mounts));

    write("proc/self/cgroup", "0::/hoptoll\n");
    write("proc/" + TGID + "/cgroup", "0::/../other/app\n");
    mounts = CgroupMount.read(root.resolve("proc"));
    assertEquals(other, CpuStat.locate(root.resolve("proc"), TGID, mounts));
  }

  private List<CgroupMount> mounts() {
    return List.of(new CgroupMount(root + "/unified", true), new CgroupMount(root + "/cpu", false));
  }

  private Path write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
