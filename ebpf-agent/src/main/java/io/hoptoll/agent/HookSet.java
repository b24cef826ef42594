package io.hoptoll.agent;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One way to learn of a socket's five events (bpf/handlers.h): an object, and which of its programs
 * are loaded. What a kernel has is asked of its BTF, never of its version.
 *
 * @param name as it is reported
 * @param object resource of the compiled probes
 * @param sections of the programs to load and attach, such as {@code tp_btf/sk_data_ready}
 */
record HookSet(String name, String object, Set<String> sections) {
  private static final String TYPED = Architecture.object("exchange");
  private static final String PROBED = Architecture.object("exchange_probed");
  private static final String STATE = "inet_sock_set_state";

  /** A tracepoint, and the hooks of functions that tell the same where there is no such one. */
  private record Event(String tracepoint, List<String> functions) {}

  private static final List<Event> EVENTS =
      List.of(
          new Event("sk_data_ready", List.of("fentry/sock_def_readable")),
          new Event("sock_recv_length", List.of("fexit/tcp_recvmsg")),
          new Event("tcp_sendmsg_locked", List.of("fentry/tcp_sendmsg", "fentry/tcp_sendpage")),
          new Event("sock_send_length", List.of("fexit/tcp_sendmsg", "fexit/tcp_sendpage")));

  private static final String READY = "sock_def_readable";

  /** Watched at entry and return by the sets that copy. */
  private static final List<String> CALLS = List.of("tcp_recvmsg", "tcp_sendmsg", "tcp_sendpage");

  /** Gone since 6.5, when sendfile() began to pass through tcp_sendmsg(). */
  private static final String SENDPAGE = "tcp_sendpage";

  /** Those to try, best first; empty where the kernel has what none of them needs. */
  static List<HookSet> candidates(KernelTypes kernel, Hooks wanted) {
    if (!kernel.hasRing() || !kernel.hasTracepoint(STATE)) {
      return List.of();
    }
    List<HookSet> sets = new ArrayList<>();
    if (wanted == Hooks.AUTO || wanted == Hooks.TRACEPOINTS) {
      addTyped(sets, kernel, kernel::hasTracepoint, wanted == Hooks.TRACEPOINTS);
    }
    if (wanted == Hooks.AUTO || wanted == Hooks.FENTRY) {
      addTyped(sets, kernel, t -> false, false);
    }
    if (wanted == Hooks.AUTO || wanted == Hooks.FENTRY) {
      addProbed(sets, kernel, "fentry-copied", "fentry/", "fexit/");
    }
    if (wanted == Hooks.AUTO || wanted == Hooks.KPROBES) {
      addProbed(sets, kernel, "kprobes", "kprobe/", "kretprobe/");
    }
    return sets;
  }

  private static void addProbed(
      List<HookSet> sets, KernelTypes kernel, String name, String entry, String exit) {
    Set<String> sections = new LinkedHashSet<>(Set.of("raw_tp/" + STATE, entry + READY));
    for (String function : CALLS) {
      sections.add(entry + function);
      sections.add(exit + function);
    }
    if (present(kernel, List.copyOf(sections))) {
      sections.removeIf(section -> !has(kernel, section));
      sets.add(new HookSet(name, PROBED, sections));
    }
  }

  /** Sockets' states are kept at the sockets, where other objects find them by typed pointers. */
  boolean typed() {
    return object.equals(TYPED);
  }

  private static void addTyped(
      List<HookSet> sets,
      KernelTypes kernel,
      Predicate<String> byTracepoint,
      boolean tracepointsOnly) {
    Set<String> sections = new LinkedHashSet<>(Set.of("tp_btf/" + STATE));
    boolean traced = false;
    boolean called = false;
    for (Event event : EVENTS) {
      if (byTracepoint.test(event.tracepoint())) {
        sections.add("tp_btf/" + event.tracepoint());
        traced = true;
      } else if (!tracepointsOnly && present(kernel, event.functions())) {
        event.functions().stream().filter(f -> has(kernel, f)).forEach(sections::add);
        called = true;
      } else {
        return;
      }
    }
    String name =
        Stream.of(traced ? "tracepoints" : "", called ? "fentry" : "")
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining("+"));
    HookSet set = new HookSet(name, TYPED, sections);
    if (!sets.contains(set)) {
      sets.add(set);
    }
  }

  private static boolean present(KernelTypes kernel, List<String> sections) {
    return sections.stream().allMatch(s -> has(kernel, s) || s.endsWith(SENDPAGE));
  }

  private static boolean has(KernelTypes kernel, String section) {
    String hook = section.substring(section.indexOf('/') + 1);
    return kernel.functionArguments(hook) > 0 || kernel.hasTracepoint(hook);
  }
}
