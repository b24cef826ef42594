package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.RunningProcess;
import io.hoptoll.model.RunningProcess.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts, execs and exits, on a /proc made of files. */
class ProcessDirectoryTest {
  private static final long NODE_NETNS = 4026531840L;
  private static final long POD_NETNS = 4026532001L;
  private static final String POD_CGROUP =
      "0::/kubepods/pod3f8a1c52-9d04-4b7e-8c11-5e6f70a9b2d3/" + "ab".repeat(32);

  @TempDir Path proc;
  private final List<RunningProcess> told = new ArrayList<>();
  private ProcessDirectory directory;

  @BeforeEach
  void make() throws IOException {
    directory = new ProcessDirectory(proc, "here", told::add);
    process(1, 1, "init", "init", "0::/init.scope");
  }

  @Test
  void aProcessOfAPodIsToldOnceAndAtItsEnd() throws IOException {
    process(41, 700, "wrk:main", "envoy", POD_CGROUP);
    Map<Integer, Long> both = Map.of(1, NODE_NETNS, 41, POD_NETNS);
    directory.look(both);
    directory.look(both);
    assertEquals(1, told.size(), "not init, and nothing twice");
    RunningProcess envoy = told.get(0);
    assertEquals(Kind.ENVOY, envoy.kind());
    assertEquals("3f8a1c52-9d04-4b7e-8c11-5e6f70a9b2d3", envoy.podUid());
    assertEquals("ab".repeat(32), envoy.container());
    directory.look(Map.of(1, NODE_NETNS));
    assertTrue(told.get(1).ended());
    assertEquals(0, directory.size());
  }

  @Test
  void anExecIsSeenAtTheTenthLookAndAReusedPidToo() throws IOException {
    Map<Integer, Long> both = Map.of(1, NODE_NETNS, 41, POD_NETNS);
    process(41, 700, "sh", "dash", POD_CGROUP);
    directory.look(both);
    process(41, 700, "envoy", "envoy", POD_CGROUP);
    looks(9, both);
    assertEquals(List.of(Kind.APP, Kind.ENVOY), told.stream().map(RunningProcess::kind).toList());
    process(41, 900, "node", "node", POD_CGROUP);
    looks(10, both);
    assertEquals(
        List.of(false, false, true, false), told.stream().map(RunningProcess::ended).toList());
    assertEquals(900, told.get(3).startTicks());
  }

  @Test
  void onTheNodesNetworkOnlyPodsAndOwnersOfSockets() throws IOException {
    process(41, 700, "agent", "agent", POD_CGROUP);
    process(43, 700, "sshd", "sshd", "0::/system.slice/ssh.service");
    Map<Integer, Long> all = Map.of(1, NODE_NETNS, 41, NODE_NETNS, 43, NODE_NETNS);
    directory.look(all);
    assertEquals(List.of("agent"), told.stream().map(RunningProcess::name).toList());
    directory.owner(43, NODE_NETNS);
    looks(20, all);
    assertEquals(List.of("agent", "sshd"), told.stream().map(RunningProcess::name).toList());
    assertFalse(told.get(1).ended());
    assertTrue(told.get(1).nodeNetwork());
  }

  @Test
  void aProcessThatEndsWhileItIsReadIsLeftOut() {
    directory.look(Map.of(1, NODE_NETNS, 47, POD_NETNS));
    directory.owner(53, POD_NETNS);
    assertTrue(told.isEmpty());
  }

  private void looks(int count, Map<Integer, Long> netnsByPid) {
    for (int i = 0; i < count; i++) {
      directory.look(netnsByPid);
    }
  }

  private void process(int pid, long start, String name, String executable, String cgroup)
      throws IOException {
    Path dir = Files.createDirectories(proc.resolve(Integer.toString(pid)));
    Files.writeString(dir.resolve("cgroup"), cgroup + "\n");
    Files.writeString(
        dir.resolve("stat"),
        pid + " (" + name + ") S 1 1 1 0 -1 0 0 0 0 0 3 2 0 0 20 0 1 0 " + start + " 1 1");
    Files.deleteIfExists(dir.resolve("exe"));
    Files.createSymbolicLink(dir.resolve("exe"), Path.of("/usr/bin", executable));
  }
}
