package io.hoptoll.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jnr.ffi.Pointer;

/**
 * Reads the probes' own failure counters, by place (enum failure in hoptoll.h), over all CPUs; of
 * these, those with an errno by {@code "PLACE errno_N"} too (counters.h).
 */
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
          "http2_midway",
          "calls",
          "listening_ports");

  /** PLACE_SHIFT of counters.h. */
  private static final int PLACE_SHIFT = 16;

  private static final int ERRNO = (1 << PLACE_SHIFT) - 1;

  private final List<String> names;
  private final int fd;
  private final int errnos;
  private final int cpus;
  private final Pointer key = Native.allocate(4);
  private final Pointer values;

  ProbeFailures(BpfObject object) throws AgentException {
    this(object, "failures", NAMES);
  }

  /**
   * @param map of COUNTERS (counters.h)
   * @param names by index of the map
   */
  ProbeFailures(BpfObject object, String map, List<String> names) throws AgentException {
    this.names = names;
    fd = Native.BPF.bpf_map__fd(object.map(map));
    errnos = Native.BPF.bpf_map__fd(object.map(map + "_errnos"));
    cpus = Native.BPF.libbpf_num_possible_cpus();
    values = Native.allocate(8L * cpus);
  }

  Map<String, Long> read() {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      key.putInt(0, i);
      boolean isThere = Native.BPF.bpf_map_lookup_elem(fd, key, values) == 0;
      counts.put(names.get(i), isThere ? sum() : 0);
    }
    readErrnos(counts);
    return counts;
  }

  /** Of the values that were looked up, over all CPUs. */
  private long sum() {
    long sum = 0;
    for (int cpu = 0; cpu < cpus; cpu++) {
      sum += values.getLong(8L * cpu);
    }
    return sum;
  }

  private void readErrnos(Map<String, Long> counts) {
    Pointer previous = null;
    while (Native.BPF.bpf_map_get_next_key(errnos, previous, key) == 0) {
      previous = key; // the kernel reads it before it writes the next one
      int pair = key.getInt(0);
      if (Native.BPF.bpf_map_lookup_elem(errnos, key, values) == 0) {
        String place = names.get(pair >>> PLACE_SHIFT);
        counts.put(place + " errno_" + (pair & ERRNO), sum());
      }
    }
  }
}
