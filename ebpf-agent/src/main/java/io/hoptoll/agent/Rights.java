package io.hoptoll.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The capabilities that this process has, and what it does with each: capabilities(7). Four are
 * enough, but for reading TLS; the list is proven by LeastPrivilegeLiveTest, and launcher/rights.sh
 * keeps no more unasked.
 *
 * @param effective bits of include/uapi/linux/capability.h
 */
record Rights(long effective) {
  private static final int SYS_PTRACE = 19;
  private static final int SYS_ADMIN = 21;
  private static final int PERFMON = 38;
  private static final int BPF = 39;
  private static final long ALL = -1;

  static final String NEEDED = "CAP_BPF, CAP_PERFMON, CAP_SYS_PTRACE and CAP_SYSLOG";

  /** Of this process; unreadable counts as all, the load will tell. */
  static Rights of(Path proc) {
    try {
      for (String line : Files.readAllLines(proc.resolve("self/status"))) {
        if (line.startsWith("CapEff:")) {
          return new Rights(Long.parseUnsignedLong(line.substring(7).strip(), 16));
        }
      }
    } catch (IOException e) {
      return new Rights(ALL);
    }
    return new Rights(ALL);
  }

  /** Without these no probe can be loaded. Before 5.8 CAP_SYS_ADMIN had both, and still does. */
  List<String> lackedToLoad() {
    List<String> lacked = new ArrayList<>();
    if (!has(BPF) && !has(SYS_ADMIN)) {
      lacked.add("CAP_BPF");
    }
    if (!has(PERFMON) && !has(SYS_ADMIN)) {
      lacked.add("CAP_PERFMON");
    }
    return lacked;
  }

  /** What the agent runs without, and what that costs. */
  List<String> runsWithout(Path proc) {
    List<String> without = new ArrayList<>();
    if (!has(SYS_PTRACE)) {
      without.add(
          "CAP_SYS_PTRACE: the network namespaces and programs of other users' processes cannot be"
              + " read, so that their pods stay unknown");
    }
    if (hidesAddresses(proc.resolve("kallsyms"))) {
      without.add("CAP_SYSLOG: the kernel functions that drop packets have numbers for names");
    }
    return without;
  }

  /**
   * What to do where the kernel refused a uprobe: from 6.16 on, and in earlier ones that took it
   * over, perf_event_open() makes them for CAP_SYS_ADMIN only. Empty: that is not why.
   */
  String adviceOnUprobes() {
    return has(SYS_ADMIN)
        ? ""
        : "; this kernel asks for CAP_SYS_ADMIN to do that: start with HOPTOLL_READ_TLS=on ./hoptoll"
            + " server, which keeps it, or, in a cluster, add SYS_ADMIN to the container's"
            + " capabilities";
  }

  private boolean has(int capability) {
    return (effective & 1L << capability) != 0;
  }

  /**
   * Asked of the file: kernel.kptr_restrict and kernel.perf_event_paranoid have a say, too. A
   * function's address is never zero; a variable's may be (per CPU, on x86-64 before 6.15).
   */
  private static boolean hidesAddresses(Path kallsyms) {
    try (Stream<String> lines = Files.lines(kallsyms)) {
      return lines
          .filter(line -> line.contains(" T "))
          .findFirst()
          .filter(function -> function.startsWith("0000000000000000"))
          .isPresent();
    } catch (IOException | UncheckedIOException e) {
      return false; // a kernel without the list
    }
  }
}
