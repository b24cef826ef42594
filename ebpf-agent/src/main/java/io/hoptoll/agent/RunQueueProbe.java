package io.hoptoll.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler's tracepoints, for the watched processes alone (runqueue.bpf.c). One thread uses
 * it, but for its failures.
 */
final class RunQueueProbe implements RunQueue, AutoCloseable {
  private static final String OBJECT = Architecture.object("runqueue");

  /** struct run_queue_wait: nanos, times. */
  private static final int VALUE = 16;

  /** Of the probes, by index of their map. */
  private static final List<String> FAILURES = List.of("run_queue_storage");

  /** Of {@link #watch}. */
  private static final String UNWATCHED = "run_queue_processes";

  private final BpfObject object;
  private final ProbeFailures failures;
  private final Map<String, Long> unwatched = new ConcurrentSkipListMap<>(Map.of(UNWATCHED, 0L));
  private final int waited;
  private final int cpus = Native.BPF.libbpf_num_possible_cpus();
  private final Pointer key = Native.allocate(4);
  private final Pointer values = Native.allocate((long) VALUE * cpus);
  private final Pointer zero = Native.allocate((long) VALUE * cpus);

  private RunQueueProbe(BpfObject object) throws AgentException {
    this.object = object;
    this.failures = new ProbeFailures(object, "run_queue_failures", FAILURES);
    this.waited = Native.BPF.bpf_map__fd(object.map("waited"));
  }

  /**
   * Loads and attaches.
   *
   * @throws AgentException where the kernel has no such tracepoints or task storage (before 5.11),
   *     or does not allow it
   */
  static RunQueueProbe start() throws AgentException {
    BpfObject object = BpfObject.load(OBJECT, o -> {});
    try {
      RunQueueProbe probe = new RunQueueProbe(object);
      object.attachHooks();
      return probe;
    } catch (AgentException e) {
      object.close();
      throw e;
    }
  }

  /**
   * A process too many for the map (as many as {@link ProcessWatch#MAX}) stays unknown, counted.
   */
  @Override
  public void watch(int tgid) {
    key.putInt(0, tgid);
    if (Native.BPF.bpf_map_update_elem(waited, key, zero, 0) != 0) {
      int errno = Native.errno();
      unwatched.merge(UNWATCHED, 1L, Long::sum);
      unwatched.merge(UNWATCHED + " errno_" + errno, 1L, Long::sum);
    }
  }

  @Override
  public void forget(int tgid) {
    key.putInt(0, tgid);
    Native.BPF.bpf_map_delete_elem(waited, key);
  }

  @Override
  public @Nullable Wait read(int tgid) {
    key.putInt(0, tgid);
    if (Native.BPF.bpf_map_lookup_elem(waited, key, values) != 0) {
      return null;
    }
    long nanos = 0;
    long times = 0;
    for (int cpu = 0; cpu < cpus; cpu++) {
      nanos += values.getLong((long) VALUE * cpu);
      times += values.getLong((long) VALUE * cpu + 8);
    }
    return new Wait(nanos, times);
  }

  /** Waits that were not counted, and processes that are not watched; of one thread. */
  Map<String, Long> failures() {
    Map<String, Long> all = new LinkedHashMap<>(failures.read());
    all.putAll(unwatched);
    return all;
  }

  List<String> attached() {
    return object.attached();
  }

  void detach() {
    object.detach();
  }

  @Override
  public void close() {
    object.close();
  }
}
