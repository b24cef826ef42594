package io.hoptoll.bench.overhead;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A BPF program of the machine: how often it ran and how long, since it was loaded. */
record ProgramRun(int id, String name, long runs, long nanos) {
  /** As {@code BpfPrograms} prints them. */
  static List<ProgramRun> parse(String line) {
    if (line.isBlank()) {
      return List.of();
    }
    return Stream.of(line.split(" ")).map(ProgramRun::one).toList();
  }

  private static ProgramRun one(String text) {
    String[] parts = text.split(":");
    return new ProgramRun(
        Integer.parseInt(parts[0]), parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]));
  }

  /** What ran between two looks. */
  static List<ProgramRun> between(List<ProgramRun> before, List<ProgramRun> after) {
    List<ProgramRun> ran = new ArrayList<>();
    for (ProgramRun now : after) {
      long runs = now.runs;
      long nanos = now.nanos;
      for (ProgramRun then : before) {
        if (then.id == now.id) {
          runs -= then.runs;
          nanos -= then.nanos;
        }
      }
      if (runs > 0) {
        ran.add(new ProgramRun(now.id, now.name, runs, nanos));
      }
    }
    return ran;
  }

  double nanosPerRun() {
    return (double) nanos / runs;
  }
}
