package io.hoptoll.agent;

import java.util.List;
import java.util.Map;
import java.util.Set;
import jnr.ffi.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchange probes: loaded, checked against our record layout, attached; their ring and walks.
 */
final class Probes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Probes.class);

  private static final SocketWalk.Programs FLUSH =
      new SocketWalk.Programs(
          List.of(new SocketWalk.OverMap("flush_idle_turns", "sockets")),
          "flush_idle_turns_by_file",
          50);

  private final HookSet hooks;
  private final SocketWalk walk;
  private final BpfObject object;
  private final RingBuffer ring;
  private final RestingTurns resting;
  private final ProbeFailures failures;
  private final int socketsWatched;
  private final TaskHeads taskHeads;

  private Probes(HookSet hooks, SocketWalk walk, BpfObject object) throws AgentException {
    this.hooks = hooks;
    this.walk = walk;
    this.object = object;
    Pointer records = object.map("records");
    this.ring =
        new RingBuffer(Native.BPF.bpf_map__fd(records), Native.BPF.bpf_map__max_entries(records));
    this.failures = new ProbeFailures(object);
    this.socketsWatched = Native.BPF.bpf_map__fd(object.map("sockets_watched"));
    this.taskHeads = new TaskHeads(object.map("task_heads"), object.map("tasks_with_heads"));
    this.resting = new RestingTurns(FLUSH.attach(walk, object), object.map("walk_wanted"));
  }

  /**
   * By the best hooks that the kernel accepts: new sockets are seen from here on, and those that
   * were there before.
   *
   * @throws AgentException when it accepts none; with its words for each
   */
  static Probes start(AgentConfig config) throws AgentException {
    try (KernelTypes kernel = KernelTypes.load()) {
      List<HookSet> candidates = HookSet.candidates(kernel, config.hooks());
      SocketWalk walk = SocketWalk.allowed();
      StringBuilder refusals = new StringBuilder();
      for (HookSet hooks : candidates) {
        try {
          return start(config, kernel, hooks, walk);
        } catch (AgentException e) {
          LOG.info("hooks {} are refused: {}", hooks.name(), firstLine(e));
          refusals.append(hooks.name()).append(": ").append(e.getMessage()).append('\n');
        }
      }
      throw new AgentException(
          candidates.isEmpty() ? Requirements.noHooks(config.hooks()) : refusals.toString());
    }
  }

  private static String firstLine(AgentException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static Probes start(
      AgentConfig config, KernelTypes kernel, HookSet hooks, SocketWalk walk)
      throws AgentException {
    Probes probes = load(config, kernel, hooks, walk);
    try {
      probes.attach();
      return probes;
    } catch (AgentException e) {
      probes.close();
      throw e;
    }
  }

  private static Probes load(AgentConfig config, KernelTypes kernel, HookSet hooks, SocketWalk walk)
      throws AgentException {
    BpfObject object =
        BpfObject.load(
            hooks.object(),
            o -> {
              prepare(o, config, kernel, hooks);
              FLUSH.choose(walk, o);
            });
    try {
      listNamespaces(object.map("watched_netns"), config.onlyNamespaces());
      return new Probes(hooks, walk, object);
    } catch (AgentException e) {
      object.close();
      throw e;
    }
  }

  /** The hooks' programs and their constants, before the load. */
  static void prepare(BpfObject o, AgentConfig config, KernelTypes kernel, HookSet hooks)
      throws AgentException {
    o.choose(hooks.sections());
    o.setConstant("tcp_recvmsg_arguments", kernel.functionArguments("tcp_recvmsg"));
    RecordLayout.check(new BtfLayout(o.btf()));
    o.setConstant("self_tgid", config.ignoreSelf() ? (int) ProcessHandle.current().pid() : 0);
    o.setConstant("only_watched_netns", config.onlyNamespaces().isEmpty() ? 0 : 1);
    o.setConstant("payload_level", config.payload().ordinal());
    o.setConstant("message_bytes", config.headBytes());
  }

  private static void listNamespaces(Pointer map, Set<Long> inodes) throws AgentException {
    Pointer key = Native.allocate(4);
    Pointer value = Native.allocate(4);
    for (long inode : inodes) {
      key.putInt(0, (int) inode);
      if (Native.BPF.bpf_map_update_elem(Native.BPF.bpf_map__fd(map), key, value, 0) != 0) {
        throw new AgentException("namespace " + inode + " refused: errno " + Native.errno());
      }
    }
  }

  /**
   * New sockets are seen from here on; then those that were there before are taken in. Listeners
   * come first: a socket older than the probes may be used before the walk reaches it.
   */
  private void attach() throws AgentException {
    walkFiles("list_listeners");
    object.attachHooks();
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

  void flushIdleTurns(long now) {
    resting.tell(now);
  }

  /** How sockets are come by. */
  SocketWalk walk() {
    return walk;
  }

  Map<String, Long> failures() {
    return failures.read();
  }

  /**
   * Has the heads of these network namespaces' sockets told, and no others'; without effect where
   * the payload level is another than {@link Payload#PROTOCOL}.
   *
   * @param bytes of each HTTP/1 request, by namespace
   */
  void wantHeads(Map<Long, Integer> bytes) {
    taskHeads.want(bytes);
  }

  /** As the last {@link #flushIdleTurns} counted them. */
  long socketsWatched() {
    Pointer key = Native.allocate(4);
    Pointer count = Native.allocate(4);
    Native.BPF.bpf_map_lookup_elem(socketsWatched, key, count);
    return Integer.toUnsignedLong(count.getInt(0));
  }

  /** For another object that shares the map. */
  int mapDescriptor(String name) throws AgentException {
    return Native.BPF.bpf_map__fd(object.map(name));
  }

  /** The set in use. */
  HookSet hooks() {
    return hooks;
  }

  List<String> attached() {
    return object.attached();
  }

  /** Nothing new is recorded from here on. */
  void detach() {
    object.detach();
  }

  @Override
  public void close() {
    resting.close();
    ring.close();
    object.close();
  }
}
