package io.hoptoll.agent;

import io.hoptoll.model.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows the processes in scope: those in a namespace other than the node's, those that Kubernetes
 * started, those that own a watched socket. Tells of starts, of an exec, of exits. A process costs
 * three small files once, and again each tenth look.
 */
final class ProcessDirectory {
  /** In scope, of about 300 bytes each; more are left out and counted. */
  static final int MAX = 16_384;

  private static final int LOOKS_UNTIL_REREAD = 10;

  /** A runtime's process may look out of scope before it joins the pod's cgroup. */
  private static final int LOOKS_UNTIL_RECONSIDERED = 60;

  private final Path proc;
  private final String node;
  private final Consumer<RunningProcess> out;
  private final Map<Integer, RunningProcess> running = new HashMap<>();

  /** Looked at and out of scope. */
  private final Set<Integer> ignored = new HashSet<>();

  private long nodeNetns;
  private int looks;
  private long leftOut;

  ProcessDirectory(Path proc, String node, Consumer<RunningProcess> out) {
    this.proc = proc;
    this.node = node;
    this.out = out;
  }

  /** Reports what changed since the last look. */
  void look(Map<Integer, Long> netnsByPid) {
    nodeNetns = netnsByPid.getOrDefault(1, 0L);
    looks++;
    for (RunningProcess known : new ArrayList<>(running.values())) {
      if (!netnsByPid.containsKey(known.tgid())) {
        end(known);
      }
    }
    ignored.retainAll(netnsByPid.keySet());
    netnsByPid.forEach(
        (pid, netns) -> {
          boolean known = running.containsKey(pid);
          if (known ? looks % LOOKS_UNTIL_REREAD == 0 : isToRead(pid, netns)) {
            read(pid, netns, known);
          }
        });
  }

  private boolean isToRead(int pid, long netns) {
    boolean isFull = running.size() >= MAX;
    return !ignored.contains(pid)
        || netns != nodeNetns && !isFull
        || looks % LOOKS_UNTIL_RECONSIDERED == 0;
  }

  /** It owns a watched socket: in scope, wherever it lives. */
  void owner(int pid, long netns) {
    if (!running.containsKey(pid) && running.size() < MAX) {
      ignored.remove(pid);
      read(pid, netns, true);
    }
  }

  private void read(int pid, long netns, boolean isOwner) {
    RunningProcess before = running.get(pid);
    RunningProcess now = describe(pid, netns);
    if (now == null) {
      return; // it ended, the next look says so
    }
    if (before != null && before.startTicks() != now.startTicks()) {
      end(before);
      before = null;
    }
    if (!isOwner && netns == nodeNetns && now.podUid().isEmpty()) {
      ignored.add(pid);
    } else if (before == null && running.size() >= MAX) {
      ignored.add(pid);
      leftOut++;
    } else if (!now.equals(running.put(pid, now))) {
      out.accept(now);
    }
  }

  private void end(RunningProcess p) {
    running.remove(p.tgid());
    out.accept(
        new RunningProcess(
            p.node(),
            p.tgid(),
            p.startTicks(),
            p.netns(),
            p.nodeNetwork(),
            p.name(),
            p.executable(),
            p.container(),
            p.podUid(),
            true));
  }

  private @Nullable RunningProcess describe(int pid, long netns) {
    Path dir = proc.resolve(Integer.toString(pid));
    try {
      String stat = Files.readString(dir.resolve("stat"));
      int nameEnd = stat.lastIndexOf(')');
      String[] field = stat.substring(nameEnd + 2).split(" ");
      List<String> cgroup = Files.readAllLines(dir.resolve("cgroup"));
      ContainerPath path = ContainerPath.of(cgroup);
      return new RunningProcess(
          node,
          pid,
          Long.parseLong(field[19]),
          netns,
          netns == nodeNetns,
          stat.substring(stat.indexOf('(') + 1, nameEnd),
          executable(dir),
          path.container(),
          path.podUid(),
          false);
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  private static String executable(Path dir) {
    try {
      String path = Files.readSymbolicLink(dir.resolve("exe")).toString();
      String name = path.substring(path.lastIndexOf('/') + 1);
      return name.replace(" (deleted)", "");
    } catch (IOException e) {
      return ""; // a kernel thread, or not ours to read
    }
  }

  /** Those in scope, as of the last look. */
  Collection<RunningProcess> running() {
    return Collections.unmodifiableCollection(running.values());
  }

  int size() {
    return running.size();
  }

  /** Processes that were in scope and too many. */
  long leftOut() {
    return leftOut;
  }
}
