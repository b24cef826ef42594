package io.hoptoll.bench.overhead;

import io.hoptoll.agent.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is attached while something is measured.
 *
 * @param start what the host is told to start; empty: nothing, or a program of its own
 */
record Variant(String name, String start) {
  static final Variant NOTHING = new Variant("nothing", "");
  static final Variant EMPTY = new Variant("the same hooks, empty", "empty");
  static final Variant BPFTRACE = new Variant("bpftrace script", "");
  static final Variant SYSCALLS = new Variant("system call tracepoints", "syscalls");
  static final Variant SCHEDULER = new Variant("Hoptoll's scheduler hooks alone", "scheduler");

  /** The rivals, then Hoptoll's probes at each level of payload that there is. */
  static List<Variant> all() {
    List<Variant> all = new ArrayList<>(List.of(NOTHING, EMPTY, BPFTRACE, SYSCALLS));
    for (Payload payload : Payload.values()) {
      String level = payload.name().toLowerCase(Locale.ROOT);
      all.add(new Variant("Hoptoll, payload: " + level, "hoptoll:" + level));
    }
    return all;
  }

  /** What all is compared with is always there. */
  boolean isNamed(List<String> words) {
    return this == NOTHING || this == EMPTY || words.stream().anyMatch(name::contains);
  }

  boolean isHoptoll() {
    return start.startsWith("hoptoll");
  }
}
