package io.hoptoll.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jnr.ffi.Pointer;

/** Reads the probes' own failure counters, by place (enum failure in hoptoll.h), over all CPUs. */
final class ProbeFailures {
  static final String RING_FULL = "ring_full";

  private static final List<String> NAMES =
      List.of(
          RING_FULL,
          "storage",
          "user_read",
          "tls_sync",
          "no_tcp_sock",
          "return_missed",
          "http2_sync",
          "http2_midway");

  private final List<String> names;
  private final int fd;
  private final int cpus;
  private final Pointer key = Native.allocate(4);
  private final Pointer values;

  ProbeFailures(Pointer map) {
    this(map, NAMES);
  }

  /**
   * @param names by index of the map
   */
  ProbeFailures(Pointer map, List<String> names) {
    this.names = names;
    fd = Native.BPF.bpf_map__fd(map);
    cpus = Native.BPF.libbpf_num_possible_cpus();
    values = Native.allocate(8L * cpus);
  }

  Map<String, Long> read() {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      key.putInt(0, i);
      long sum = 0;
      if (Native.BPF.bpf_map_lookup_elem(fd, key, values) == 0) {
        for (int cpu = 0; cpu < cpus; cpu++) {
          sum += values.getLong(8L * cpu);
        }
      }
      counts.put(names.get(i), sum);
    }
    return counts;
  }
}
