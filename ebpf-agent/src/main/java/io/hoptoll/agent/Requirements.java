package io.hoptoll.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Pointer;

/** What the probes need of a machine, each with how to get it. Loads and changes nothing. */
final class Requirements {
  private static final Path BTF = Path.of("/sys/kernel/btf/vmlinux");
  private static final int KIND_TYPEDEF = 8;

  // include/uapi/linux/capability.h
  private static final long CAP_SYS_ADMIN = 1L << 21;
  private static final long CAP_PERFMON_AND_BPF = 3L << 38;

  /** In the kernel's BTF each tracepoint has a typedef of this prefix. */
  private static final String TRACEPOINT = "btf_trace_";

  private static final List<String> TRACEPOINTS =
      List.of(
          "inet_sock_set_state",
          "sk_data_ready",
          "sock_recv_length",
          "tcp_sendmsg_locked",
          "sock_send_length");

  private Requirements() {}

  static Readiness check(Path proc) {
    List<String> missing = new ArrayList<>();
    if (!"amd64".equals(System.getProperty("os.arch"))) {
      missing.add("x86-64: probes for " + System.getProperty("os.arch") + " are not built yet");
    }
    if (!mayTrace(proc)) {
      missing.add("rights: run as root, or with CAP_BPF and CAP_PERFMON");
    }
    if (Files.isReadable(BTF)) {
      checkTracepoints(missing);
    } else {
      missing.add("kernel BTF (" + BTF + "): boot a kernel built with CONFIG_DEBUG_INFO_BTF=y");
    }
    return new Readiness(missing.isEmpty(), missing);
  }

  private static void checkTracepoints(List<String> missing) {
    try {
      List<String> absent = absent(TRACEPOINTS);
      if (!absent.isEmpty()) {
        missing.add(
            "kernel tracepoints "
                + String.join(", ", absent)
                + ": boot Linux 6.16 or newer; this is "
                + System.getProperty("os.version"));
      }
    } catch (LinkageError e) {
      missing.add("libbpf.so.1: apt-get install libbpf1");
    }
  }

  /** Those of the tracepoints that the running kernel does not have. */
  static List<String> absent(List<String> tracepoints) {
    Pointer btf = Native.BPF.btf__load_vmlinux_btf();
    if (btf == null) {
      return tracepoints;
    }
    try {
      return tracepoints.stream()
          .filter(t -> Native.BPF.btf__find_by_name_kind(btf, TRACEPOINT + t, KIND_TYPEDEF) < 0)
          .toList();
    } finally {
      Native.BPF.btf__free(btf);
    }
  }

  /** Effective capabilities, proc(5); unreadable counts as allowed, the load will tell. */
  static boolean mayTrace(Path proc) {
    try {
      for (String line : Files.readAllLines(proc.resolve("self/status"))) {
        if (line.startsWith("CapEff:")) {
          long effective = Long.parseUnsignedLong(line.substring(7).strip(), 16);
          return (effective & CAP_SYS_ADMIN) != 0
              || (effective & CAP_PERFMON_AND_BPF) == CAP_PERFMON_AND_BPF;
        }
      }
    } catch (IOException e) {
      return true;
    }
    return true;
  }
}
