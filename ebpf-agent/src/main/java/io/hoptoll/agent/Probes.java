package io.hoptoll.agent;

import java.util.List;
import java.util.Map;
import jnr.ffi.Pointer;

/**
 * The exchange probes: loaded, checked against our record layout, attached; their ring and walks.
 */
final class Probes implements AutoCloseable {
  private static final String OBJECT = "/bpf/x86_64/exchange.bpf.o";

  private final BpfObject object;
  private final RingBuffer ring;
  private final BpfIterator flush;
  private final ProbeFailures failures;

  private Probes(BpfObject object) throws AgentException {
    this.object = object;
    Pointer records = object.map("records");
    this.ring =
        new RingBuffer(Native.BPF.bpf_map__fd(records), Native.BPF.bpf_map__max_entries(records));
    this.failures = new ProbeFailures(object.map("failures"));
    this.flush = BpfIterator.overSockets(object, "flush_idle_turns", "sockets");
  }

  /**
   * @param selfTgid process whose sockets are not watched, 0 for none
   */
  static Probes load(int selfTgid) throws AgentException {
    BpfObject object =
        BpfObject.load(
            OBJECT,
            o -> {
              RecordLayout.check(new BtfLayout(o.btf()));
              o.constants().putInt(0, selfTgid); // self_tgid: first of .rodata
            });
    try {
      return new Probes(object);
    } catch (AgentException e) {
      object.close();
      throw e;
    }
  }

  /**
   * New sockets are seen from here on; then those that were there before are taken in. Listeners
   * come first: a socket older than the probes may be used before the walk reaches it.
   */
  void attach() throws AgentException {
    walkFiles("list_listeners");
    object.attachTracepoints();
    walkFiles("adopt_sockets");
  }

  private void walkFiles(String program) throws AgentException {
    try (BpfIterator walk = BpfIterator.overFiles(object, program)) {
      if (!walk.run()) {
        throw new AgentException("walk over open files refused: errno " + Native.errno());
      }
    }
  }

  int drain(RingBuffer.Sink sink) {
    return ring.drain(sink);
  }

  void flushIdleTurns() {
    flush.run();
  }

  Map<String, Long> failures() {
    return failures.read();
  }

  List<String> attached() {
    return object.attached();
  }

  @Override
  public void close() {
    flush.close();
    ring.close();
    object.close();
  }
}
