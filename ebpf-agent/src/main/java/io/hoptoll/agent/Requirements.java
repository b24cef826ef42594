package io.hoptoll.agent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the probes need of a machine, each with how to get it. Loads and changes nothing. */
final class Requirements {
  private static final Path BTF = Path.of("/sys/kernel/btf/vmlinux");

  private Requirements() {}

  static Readiness check(Path proc, Hooks hooks) {
    List<String> missing = new ArrayList<>();
    if (!Architecture.known()) {
      missing.add("x86-64 or arm64: there are no probes for " + Architecture.jvm());
    }
    for (String lacked : Rights.of(proc).lackedToLoad()) {
      missing.add(lacked + ": run as root, or with " + Rights.NEEDED);
    }
    if (Files.isReadable(BTF)) {
      checkHooks(missing, hooks);
    } else {
      missing.add("kernel BTF (" + BTF + "): boot a kernel built with CONFIG_DEBUG_INFO_BTF=y");
    }
    return new Readiness(missing.isEmpty(), missing);
  }

  private static void checkHooks(List<String> missing, Hooks hooks) {
    try (KernelTypes kernel = KernelTypes.load()) {
      if (HookSet.candidates(kernel, hooks).isEmpty()) {
        missing.add(noHooks(hooks));
      }
    } catch (AgentException e) {
      missing.add(String.valueOf(e.getMessage()));
    } catch (LinkageError e) {
      missing.add("libbpf.so.1: apt-get install libbpf1");
    }
  }

  /** What is wrong where there is no set of hooks to try. */
  static String noHooks(Hooks wanted) {
    String kernel = "; this is " + System.getProperty("os.version");
    return switch (wanted) {
      case AUTO -> "kernel: boot Linux 5.8 or newer, which has the BPF ring buffer" + kernel;
      case TRACEPOINTS ->
          "kernel tracepoints of sockets: boot Linux 6.16 or newer, or set agent.hooks to auto"
              + kernel;
      case FENTRY, KPROBES ->
          "kernel functions to hook: boot Linux 5.8 or newer, or set agent.hooks to auto" + kernel;
    };
  }
}
