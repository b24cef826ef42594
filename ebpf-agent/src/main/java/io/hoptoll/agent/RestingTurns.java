package io.hoptoll.agent;

import java.util.List;
import java.util.concurrent.TimeUnit;
import jnr.ffi.Pointer;

/**
 * Has turns told that rest, by a walk over all sockets; where no turn has changed since the last
 * walk, there is nothing to tell, and it walks only to count the sockets. One thread.
 */
final class RestingTurns implements AutoCloseable {
  private static final long COUNT_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final List<BpfIterator> walks;
  private final int wanted;
  private final Pointer key = Native.allocate(4);
  private final Pointer value = Native.allocate(4);
  private final Pointer none = Native.allocate(4);
  private long walkedNanos = System.nanoTime() - COUNT_NANOS;

  /**
   * @param wanted the probes' map {@code walk_wanted}
   */
  RestingTurns(List<BpfIterator> walks, Pointer wanted) {
    this.walks = walks;
    this.wanted = Native.BPF.bpf_map__fd(wanted);
  }

  void tell(long now) {
    if ((isWanted() || now - walkedNanos >= COUNT_NANOS)
        && walks.stream().allMatch(BpfIterator::isDue)) {
      walkedNanos = now;
      // cleared first: what changes during the walk asks for the next one
      Native.BPF.bpf_map_update_elem(wanted, key, none, 0);
      walks.forEach(BpfIterator::run);
    }
  }

  private boolean isWanted() {
    return Native.BPF.bpf_map_lookup_elem(wanted, key, value) != 0 || value.getInt(0) != 0;
  }

  @Override
  public void close() {
    walks.forEach(BpfIterator::close);
  }
}
