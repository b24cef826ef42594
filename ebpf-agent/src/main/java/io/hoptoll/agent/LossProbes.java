package io.hoptoll.agent;

import io.hoptoll.model.SocketSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jnr.ffi.Pointer;

/**
 * The loss probes, beside the exchange probes whose maps they share. Optional: a hook that the
 * kernel lacks is left out and named. One thread after {@link #attach}.
 */
final class LossProbes implements AutoCloseable {
  private static final String OBJECT = Architecture.object("loss");

  /** By index of the map loss_failures. */
  static final List<String> FAILURES =
      List.of("loss_ring_full", "drops_full", "listeners", "packet_headers");

  private static final SocketWalk.Programs LOOKS =
      new SocketWalk.Programs(
          List.of(
              new SocketWalk.OverMap("look_at_listeners", "listening"),
              new SocketWalk.OverMap("look_at_windows", "sockets")),
          "look_by_file",
          200);
  private static final int BATCH = 1024;

  private final BpfObject object;
  private final List<String> missing;
  private final RingBuffer ring;
  private final ProbeFailures failures;
  private final List<BpfIterator> looks;
  private final int drops;
  private final LossDecoder decoder;
  private final ByteBuffer keys = buffer(BATCH * LossLayout.DROP_KEY_SIZE);
  private final ByteBuffer counts = buffer(BATCH * LossLayout.DROP_COUNT_SIZE);
  private final Pointer position = Native.allocate(8);
  private final Pointer count = Native.allocate(4);

  private LossProbes(BpfObject object, SocketWalk walk, List<String> missing, LossDecoder decoder)
      throws AgentException {
    this.object = object;
    this.missing = List.copyOf(missing);
    this.decoder = decoder;
    this.failures = new ProbeFailures(object, "loss_failures", FAILURES);
    this.drops = Native.BPF.bpf_map__fd(object.map("drops"));
    this.looks = LOOKS.attach(walk, object);
    Pointer losses = object.map("losses");
    this.ring =
        new RingBuffer(Native.BPF.bpf_map__fd(losses), Native.BPF.bpf_map__max_entries(losses));
  }

  /**
   * @param proc where {@code kallsyms} is
   * @param probes whose sockets and namespaces these are
   * @throws AgentException when the kernel refuses the whole object
   */
  static LossProbes load(AgentConfig config, Path proc, Probes probes, SocketSink out)
      throws AgentException {
    List<String> missing = new ArrayList<>();
    try (KernelTypes kernel = KernelTypes.load()) {
      BpfObject object =
          BpfObject.load(
              OBJECT,
              o -> {
                LossLayout.check(new BtfLayout(o.btf()));
                o.reuse("sockets", probes.mapDescriptor("sockets"));
                o.reuse("watched_netns", probes.mapDescriptor("watched_netns"));
                o.reuse("walk_wanted", probes.mapDescriptor("walk_wanted"));
                o.setConstant("only_watched_netns", config.onlyNamespaces().isEmpty() ? 0 : 1);
                o.setConstant("kfree_skb_arguments", kernel.arguments("kfree_skb"));
                LOOKS.choose(probes.walk(), o);
                missing.addAll(o.leaveOut(t -> kernel.arguments(t) == 0));
              });
      KernelSymbols symbols = new KernelSymbols(proc.resolve("kallsyms"));
      try {
        return new LossProbes(
            object, probes.walk(), missing, new LossDecoder(config.node(), kernel, symbols, out));
      } catch (AgentException e) {
        object.close();
        throw e;
      }
    }
  }

  void attach() throws AgentException {
    object.attachHooks();
    try (BpfIterator walk = BpfIterator.overFiles(object, "adopt_listeners")) {
      walk.run();
    }
  }

  /** Hooks that this kernel does not have, so what they tell is not told. */
  List<String> missing() {
    return missing;
  }

  List<String> attached() {
    return object.attached();
  }

  int drain() {
    return ring.drain(decoder);
  }

  /** Listeners' drops, closed windows, and the packets freed since the last look. */
  void look() {
    looks.forEach(BpfIterator::run);
    drain();
    takeDrops();
  }

  /** Takes all entries out of the map; the kernel goes on counting meanwhile. */
  private void takeDrops() {
    boolean more = true;
    boolean first = true;
    while (more) {
      count.putInt(0, BATCH);
      Pointer in = first ? null : position;
      int error =
          Native.BPF.bpf_map_lookup_and_delete_batch(
              drops, in, position, address(keys), address(counts), count, null);
      more = error == 0;
      first = false;
      if (count.getInt(0) <= BATCH && (error == 0 || Native.errno() == Native.ENOENT)) {
        decoder.drops(keys, counts, count.getInt(0));
      }
    }
  }

  private static Pointer address(ByteBuffer buffer) {
    return Pointer.wrap(Native.RUNTIME, buffer);
  }

  long events() {
    return decoder.events();
  }

  long drops() {
    return decoder.drops();
  }

  Map<String, Long> failures() {
    return failures.read();
  }

  /** Nothing new is recorded from here on. */
  void detach() {
    object.detach();
  }

  @Override
  public void close() {
    looks.forEach(BpfIterator::close);
    ring.close();
    object.close();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
