package io.hoptoll.agent;

import java.util.Map;
import java.util.Set;
import jnr.ffi.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The maps of {@code tasks.h}: of which network namespaces heads are told. One thread at a time.
 */
final class TaskHeads {
  private static final Logger LOG = LoggerFactory.getLogger(TaskHeads.class);

  /** Entries of {@code task_heads}; eight tasks run at once. */
  static final int MOST = 64;

  private static final long ANY = 0;

  private final int heads;
  private final int tasks;
  private final Pointer key = Native.allocate(4);
  private final Pointer value = Native.allocate(4);
  private Set<Long> wanted = Set.of();

  TaskHeads(Pointer heads, Pointer tasks) {
    this.heads = Native.BPF.bpf_map__fd(heads);
    this.tasks = Native.BPF.bpf_map__fd(tasks);
  }

  /**
   * From now on exactly these.
   *
   * @param bytes of each HTTP/1 request, by namespace
   */
  void want(Map<Long, Integer> bytes) {
    for (long netns : wanted) {
      if (!bytes.containsKey(netns)) {
        key.putInt(0, (int) netns);
        if (Native.BPF.bpf_map_delete_elem(heads, key) != 0 && Native.errno() != Native.ENOENT) {
          LOG.warn("heads of namespace {} are still told: errno {}", netns, Native.errno());
        }
      }
    }
    bytes.forEach((netns, n) -> put(heads, (int) (long) netns, n));
    put(tasks, 0, bytes.size());
    wanted = Set.copyOf(bytes.keySet());
  }

  private void put(int map, int at, int number) {
    key.putInt(0, at);
    value.putInt(0, number);
    if (Native.BPF.bpf_map_update_elem(map, key, value, ANY) != 0) {
      LOG.warn("heads of namespace {} are not told: errno {}", at, Native.errno());
    }
  }
}
