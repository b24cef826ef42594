package io.hoptoll.agent;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * One compiled BPF object: loaded with the verifier's words in the exception, attached, detached by
 * {@link #close()} (or by the kernel when the process ends).
 */
final class BpfObject implements AutoCloseable {
  private static final String TRACEPOINT = "tp_btf/";
  private static final String ITERATOR = "iter/";
  private static final String USER = "uprobe";
  private static final String USER_RETURN = "uretprobe";
  private static final int VERIFIER_LOG = 4 << 20;
  private static final int LOG_TAIL = 4_000;
  private static final int PROGRAM_INFO = 64;

  /** BPF_MAP_TYPE_LRU_HASH of linux/bpf.h. */
  private static final int LRU_HASH = 9;

  /**
   * Free entries that each CPU takes for itself: LOCAL_FREE_TARGET of kernel/bpf/bpf_lru_list.c.
   */
  private static final int LRU_ENTRIES_OF_A_CPU = 128;

  private final Pointer object;
  private final List<Pointer> links = new ArrayList<>();
  private final List<String> attached = new ArrayList<>();

  private BpfObject(Pointer object) {
    this.object = object;
  }

  /**
   * Opens the object from the class path and lets the caller set constants before the load.
   *
   * @param resource such as {@code /bpf/x86_64/exchange.bpf.o}
   */
  static BpfObject load(String resource, Setup setup) throws AgentException {
    Pointer image = image(resource);
    Pointer log = Native.allocate(VERIFIER_LOG);
    BpfObject loaded = open(resource, image, log);
    loaded.makeRoomForEachCpu();
    try {
      setup.beforeLoad(loaded);
    } catch (AgentException e) {
      loaded.close();
      throw e;
    }
    Pointer object = loaded.object;
    int error = Native.BPF.bpf_object__load(object);
    Reference.reachabilityFence(image);
    if (error != 0) {
      String words = tail(log);
      Native.BPF.bpf_object__close(object);
      throw new AgentException(refusal(resource, -error) + words);
    }
    return loaded;
  }

  private static Pointer image(String resource) throws AgentException {
    byte[] elf = read(resource);
    Pointer image = Native.allocate(elf.length);
    image.put(0, elf, 0, elf.length);
    return image;
  }

  private static BpfObject open(String resource, Pointer image, Pointer log) throws AgentException {
    Pointer object = Native.BPF.bpf_object__open_mem(image, image.size(), openOptions(log));
    if (object == null) {
      throw new AgentException(resource + ": libbpf cannot open it, errno " + Native.errno());
    }
    return new BpfObject(object);
  }

  /** Looks at an object's types without loading it: it may be another processor's. */
  static void inspect(String resource, Look look) throws AgentException {
    Pointer image = image(resource);
    try (BpfObject object = open(resource, image, Native.allocate(VERIFIER_LOG))) {
      look.at(new BtfLayout(object.btf()));
    }
    Reference.reachabilityFence(image);
  }

  /**
   * An LRU map holds what its definition says on any machine: where no free entry is left, one in
   * use goes, and each CPU may hold free ones back; with 128 CPUs all of 16,384.
   */
  private void makeRoomForEachCpu() {
    int more = LRU_ENTRIES_OF_A_CPU * Math.max(1, Native.BPF.libbpf_num_possible_cpus());
    Pointer map = Native.BPF.bpf_object__next_map(object, null);
    while (map != null) {
      if (Native.BPF.bpf_map__type(map) == LRU_HASH) {
        Native.BPF.bpf_map__set_max_entries(map, Native.BPF.bpf_map__max_entries(map) + more);
      }
      map = Native.BPF.bpf_object__next_map(object, map);
    }
  }

  /** What is asked of an object's types. */
  interface Look {
    void at(BtfLayout btf) throws AgentException;
  }

  /** What is done between open and load. */
  interface Setup {
    void beforeLoad(BpfObject object) throws AgentException;
  }

  /** libbpf's handle of the object's BTF. */
  Pointer btf() throws AgentException {
    return found(Native.BPF.bpf_object__btf(object), "BTF");
  }

  Pointer map(String name) throws AgentException {
    return found(Native.BPF.bpf_object__find_map_by_name(object, name), "map " + name);
  }

  Pointer program(String name) throws AgentException {
    return found(Native.BPF.bpf_object__find_program_by_name(object, name), "program " + name);
  }

  /** Sets a constant of the programs; before the load only. */
  void setConstant(String name, int value) throws AgentException {
    Pointer size = Native.allocate(8);
    Pointer start = found(Native.BPF.bpf_map__initial_value(map(".rodata"), size), ".rodata");
    start.putInt(new BtfLayout(btf()).variable(".rodata", name), value);
  }

  /** Uses another object's map instead of one of its own; before the load only. */
  void reuse(String name, int fd) throws AgentException {
    if (Native.BPF.bpf_map__reuse_fd(map(name), fd) != 0) {
      throw new AgentException("map " + name + " cannot be shared: agent and object differ");
    }
  }

  /**
   * Leaves out the programs of some tracepoints; before the load only.
   *
   * @return the tracepoints left out
   */
  List<String> leaveOut(Predicate<String> tracepoint) {
    List<String> left = new ArrayList<>();
    Pointer p = Native.BPF.bpf_object__next_program(object, null);
    while (p != null) {
      String section = Native.BPF.bpf_program__section_name(p);
      if (section.startsWith(TRACEPOINT)
          && tracepoint.test(section.substring(TRACEPOINT.length()))) {
        Native.BPF.bpf_program__set_autoload(p, false);
        left.add(section.substring(TRACEPOINT.length()));
      }
      p = Native.BPF.bpf_object__next_program(object, p);
    }
    return left;
  }

  /** Loads a program that its section marks as optional ({@code ?}); before the load only. */
  void choose(String program) throws AgentException {
    Native.BPF.bpf_program__set_autoload(program(program), true);
  }

  /**
   * Loads these hooks' programs and no other hook's; iterators stay as they are. Before the load
   * only.
   */
  void choose(Set<String> sections) {
    Pointer p = Native.BPF.bpf_object__next_program(object, null);
    while (p != null) {
      String section = Native.BPF.bpf_program__section_name(p);
      if (!section.startsWith(ITERATOR)) {
        Native.BPF.bpf_program__set_autoload(p, sections.contains(section));
      }
      p = Native.BPF.bpf_object__next_program(object, p);
    }
  }

  /**
   * Attaches every program that was loaded but the iterators, which are run on demand, and those
   * for files ({@link #attachToFile}).
   */
  void attachHooks() throws AgentException {
    Pointer p = Native.BPF.bpf_object__next_program(object, null);
    while (p != null) {
      String section = Native.BPF.bpf_program__section_name(p);
      boolean isHook =
          !section.startsWith(ITERATOR) && !section.equals(USER) && !section.equals(USER_RETURN);
      if (isHook && Native.BPF.bpf_program__autoload(p)) {
        String name = Native.BPF.bpf_program__name(p);
        Pointer link = Native.BPF.bpf_program__attach(p);
        if (link == null) {
          throw new AgentException(
              "attach "
                  + name
                  + " to "
                  + Native.BPF.bpf_program__section_name(p)
                  + ": errno "
                  + Native.errno());
        }
        links.add(link);
        attached.add(Native.BPF.bpf_program__section_name(p));
      }
      p = Native.BPF.bpf_object__next_program(object, p);
    }
  }

  /**
   * Has a program run wherever a file's code passes this place, in any process that has it mapped;
   * one of section {@code uretprobe} when the function that begins there returns. The caller
   * destroys the link.
   *
   * @return null where the kernel refuses; errno says why
   */
  @Nullable Pointer attachToFile(String program, String file, long offset) throws AgentException {
    Pointer p = program(program);
    boolean isReturn = Native.BPF.bpf_program__section_name(p).equals(USER_RETURN);
    Pointer options = Native.allocate(40); // struct bpf_uprobe_opts: size, retprobe at 24
    options.putLong(0, 40);
    options.putByte(24, (byte) (isReturn ? 1 : 0));
    return Native.BPF.bpf_program__attach_uprobe_opts(p, -1, file, offset, options);
  }

  /** What the kernel made of each program that was loaded: instructions of 8 bytes, linked. */
  List<byte[]> instructions() throws AgentException {
    List<byte[]> all = new ArrayList<>();
    Pointer p = Native.BPF.bpf_object__next_program(object, null);
    while (p != null) {
      if (Native.BPF.bpf_program__autoload(p)) {
        all.add(instructions(Native.BPF.bpf_program__fd(p)));
      }
      p = Native.BPF.bpf_object__next_program(object, p);
    }
    return all;
  }

  /** struct bpf_prog_info (linux/bpf.h): xlated_prog_len at 20, xlated_prog_insns at 32. */
  private static byte[] instructions(int program) throws AgentException {
    int size = information(program, Native.allocate(PROGRAM_INFO)).getInt(20);
    Pointer code = Native.allocate(size);
    Pointer info = Native.allocate(PROGRAM_INFO);
    info.putInt(20, size);
    info.putAddress(32, code.address());
    information(program, info);
    byte[] bytes = new byte[size];
    code.get(0, bytes, 0, size);
    return bytes;
  }

  private static Pointer information(int program, Pointer info) throws AgentException {
    Pointer size = Native.allocate(8);
    size.putInt(0, PROGRAM_INFO);
    if (Native.BPF.bpf_obj_get_info_by_fd(program, info, size) != 0) {
      throw new AgentException("a program cannot be read back: errno " + Native.errno());
    }
    return info;
  }

  List<String> attached() {
    return List.copyOf(attached);
  }

  void detach() {
    links.forEach(Native.BPF::bpf_link__destroy);
    links.clear();
  }

  @Override
  public void close() {
    detach();
    Native.BPF.bpf_object__close(object);
  }

  private static <T> T found(@Nullable T value, String what) throws AgentException {
    if (value == null) {
      throw new AgentException(what + " is missing in the BPF object: agent and object differ");
    }
    return value;
  }

  /** struct bpf_object_open_opts: size, then kernel_log_buf at 56, kernel_log_size at 64. */
  private static Pointer openOptions(Pointer log) {
    Pointer options = Native.allocate(80);
    options.putLong(0, 80);
    options.putAddress(56, log.address());
    options.putLong(64, VERIFIER_LOG);
    return options;
  }

  private static String refusal(String resource, int errno) {
    String why =
        switch (errno) {
          case 1 ->
              "not permitted: run as root, or with "
                  + Rights.NEEDED
                  + "; where root is refused, the kernel forbids this kind of hook";
          case 2, 3, 22 -> "this kernel lacks a hook, helper or field";
          case 13 -> "the verifier refused a program";
          default -> "see errno(3)";
        };
    return resource + ": load failed, errno " + errno + ": " + why + ". ";
  }

  private static String tail(Pointer log) {
    String words = log.getString(0, VERIFIER_LOG, StandardCharsets.US_ASCII);
    String end = words.substring(Math.max(0, words.length() - LOG_TAIL)).strip();
    return end.isEmpty() ? "" : "Verifier:\n" + end;
  }

  private static byte[] read(String resource) throws AgentException {
    try (InputStream in = BpfObject.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new AgentException(resource + " is not on the class path: build the bpf module");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AgentException(resource + ": " + e.getMessage(), e);
    }
  }
}
