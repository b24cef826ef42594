package io.hoptoll.agent;

import io.hoptoll.model.Latest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import jnr.ffi.Pointer;

/**
 * plaintext.bpf.c, loaded while a task asks for it: its socket hooks, and its probes in the files
 * that hold OpenSSL or Go's crypto/tls. A file is attached to once, for all processes that map it;
 * the probes look who it is. One thread.
 */
final class PlaintextProbes implements AutoCloseable {
  /** EPERM, EACCES: kernels differ in which of them means a lack of rights. */
  private static final Set<Integer> FORBIDDEN = Set.of(1, 13);

  /** With links, of which the kernel holds an open file and a perf event each: 10 of OpenSSL. */
  static final int FILES = 32;

  /**
   * Links of all files, and of those let go; one made by Go has 45 or so, a place for each return.
   */
  private static final int LINKS = 2_048;

  /** A process ended, and the next by the same file may come at once: looks without one. */
  private static final int LOOKS_UNUSED = 5;

  private static final String OBJECT = Architecture.object("plaintext");
  private static final List<String> TRACEPOINTS = List.of("sock_recv_length", "sock_send_length");
  private static final List<String> COUNTS =
      List.of("ring_full", "user_read", "untied", "http2_connections", "maps", "begin_missed");

  /** Files that a probe was refused in; each is tried again after a minute, or for a new task. */
  private static final int REFUSED = 1_024;

  private static final long REFUSED_NANOS = TimeUnit.MINUTES.toNanos(1);

  private record Refusal(String why, long atNanos) {}

  private static final class Attached {
    final String name;
    final List<Pointer> links;
    int looksUnused;

    Attached(String name, List<Pointer> links) {
      this.name = name;
      this.links = links;
    }
  }

  private final BpfObject object;
  private final RingBuffer ring;
  private final ProbeFailures counts;
  private final int namespaces;
  private final Pointer key = Native.allocate(4);
  private final Pointer value = Native.allocate(4);
  private final Map<TlsFiles.Key, Attached> files = new LinkedHashMap<>();
  private final Map<String, Long> refusals = new TreeMap<>();
  private final LinkEnd end;
  private final Map<TlsFiles.Key, Refusal> refused = Latest.used(REFUSED);
  private Set<Long> wanted = Set.of();

  private PlaintextProbes(BpfObject object, LinkEnd end) throws AgentException {
    this.object = object;
    this.end = end;
    Pointer plaintexts = object.map("plaintexts");
    this.ring =
        new RingBuffer(
            Native.BPF.bpf_map__fd(plaintexts), Native.BPF.bpf_map__max_entries(plaintexts));
    this.counts = new ProbeFailures(object, "plaintext_counts", COUNTS);
    this.namespaces = Native.BPF.bpf_map__fd(object.map("plaintext_netns"));
  }

  /**
   * @param probes whose sockets these are
   * @param end of the links of all tasks
   * @throws AgentException where the kernel refuses, or those do not keep their state at the socket
   */
  static PlaintextProbes start(Probes probes, LinkEnd end) throws AgentException {
    if (!probes.hooks().typed()) {
      throw new AgentException(
          "the hooks in use (" + probes.hooks().name() + ") do not lead to their sockets");
    }
    BpfObject object;
    try (KernelTypes kernel = KernelTypes.load()) {
      boolean traced = TRACEPOINTS.stream().allMatch(kernel::hasTracepoint);
      Set<String> sockets =
          traced
              ? Set.of("tp_btf/sock_recv_length", "tp_btf/sock_send_length")
              : Set.of("fentry/tcp_recvmsg", "fentry/tcp_sendmsg");
      object = BpfObject.load(OBJECT, o -> prepare(o, probes, sockets));
    }
    PlaintextProbes started = null;
    try {
      started = new PlaintextProbes(object, end);
      object.attachHooks();
      return started;
    } catch (AgentException e) {
      if (started != null) {
        started.ring.close(); // tried again each second: 16 MiB of addresses each
      }
      object.close();
      throw e;
    }
  }

  private static void prepare(BpfObject o, Probes probes, Set<String> sockets)
      throws AgentException {
    RecordLayout.checkPlaintext(new BtfLayout(o.btf()));
    Set<String> sections = new java.util.HashSet<>(Set.of("uprobe", "uretprobe"));
    sections.addAll(sockets);
    o.choose(sections);
    o.reuse("sockets", probes.mapDescriptor("sockets"));
  }

  /** Namespaces to tell of, and how much of each message. */
  void want(Map<Long, Integer> headBytes) {
    for (long netns : wanted) {
      if (!headBytes.containsKey(netns)) {
        key.putInt(0, (int) netns);
        if (Native.BPF.bpf_map_delete_elem(namespaces, key) != 0
            && Native.errno() != Native.ENOENT) {
          refused("namespaces", Native.errno());
        }
      }
    }
    headBytes.forEach(
        (netns, bytes) -> {
          key.putInt(0, (int) (long) netns);
          value.putInt(0, bytes);
          if (Native.BPF.bpf_map_update_elem(namespaces, key, value, 0) != 0) {
            refused("namespaces", Native.errno());
          }
        });
    if (!wanted.equals(headBytes.keySet())) {
      refused.clear();
    }
    wanted = Set.copyOf(headBytes.keySet());
  }

  /**
   * Attaches to a file unless it is attached to already.
   *
   * @return why not, or empty
   */
  String attach(TlsFiles.Found file) throws AgentException {
    Attached known = files.get(file.key());
    if (known != null) {
      known.looksUnused = 0;
      return "";
    }
    Refusal before = refused.get(file.key());
    if (before != null && System.nanoTime() - before.atNanos() < REFUSED_NANOS) {
      return before.why();
    }
    String why = attachNew(file);
    if (!why.isEmpty()) {
      refused.put(file.key(), new Refusal(why, System.nanoTime()));
    }
    return why;
  }

  private String attachNew(TlsFiles.Found file) throws AgentException {
    int links = end.waiting() + files.values().stream().mapToInt(f -> f.links.size()).sum();
    if (files.size() >= FILES) {
      refusals.merge("attach too_many_files", 1L, Long::sum);
      return files.size() + " files with TLS are probed already, which is the most";
    }
    if (links + file.points().size() > LINKS) {
      refusals.merge("attach too_many_probes", 1L, Long::sum);
      return links + " probes are there, some being let go: with its own more than " + LINKS;
    }
    Attached made = new Attached(file.name(), new ArrayList<>());
    files.put(file.key(), made);
    for (ProbePoint each : file.points()) {
      Pointer link = object.attachToFile(each.program(), file.path().toString(), each.offset());
      if (link == null) {
        int errno = Native.errno();
        refused("attach " + each.function(), errno);
        detach(file.key());
        return "the kernel refused a probe at "
            + each.function()
            + ": errno "
            + errno
            + advice(errno);
      }
      made.links.add(link);
    }
    return "";
  }

  private static String advice(int errno) {
    return FORBIDDEN.contains(errno) ? Rights.of(Path.of("/proc")).adviceOnUprobes() : "";
  }

  private void refused(String place, int errno) {
    refusals.merge(place + " errno_" + errno, 1L, Long::sum);
  }

  /** After a look at all processes: lets go of files that none of the last few looks attached. */
  void detachUnused() {
    for (TlsFiles.Key each : List.copyOf(files.keySet())) {
      Attached file = files.get(each);
      if (file != null && ++file.looksUnused > LOOKS_UNUSED) {
        detach(each);
      }
    }
  }

  private void detach(TlsFiles.Key file) {
    Attached gone = files.remove(file);
    if (gone != null) {
      end.destroy(gone.links);
    }
  }

  List<String> files() {
    return files.values().stream().map(f -> f.name).toList();
  }

  int drain(RingBuffer.Sink sink) {
    return ring.drain(sink);
  }

  /** By place, of attaching by place and errno. */
  Map<String, Long> failures() {
    Map<String, Long> all = new TreeMap<>(counts.read());
    all.putAll(refusals);
    return all;
  }

  @Override
  public void close() {
    want(Map.of()); // links go one by one, for minutes: until then nothing is copied
    List.copyOf(files.keySet()).forEach(this::detach);
    object.detach();
    ring.close();
    end.then(object::close);
  }
}
