package io.hoptoll.agent;

import java.util.LinkedHashMap;
import java.util.Map;
import jnr.ffi.Pointer;

/** What the running kernel's BTF says of its own types. Source: include/uapi/linux/btf.h. */
final class KernelTypes implements AutoCloseable {
  private static final int KIND_ENUM = 6;
  private static final int KIND_TYPEDEF = 8;
  private static final int KIND_FUNCTION = 12;
  private static final int TYPE_SIZE = 12;
  private static final int ENUM_SIZE = 8;

  private final Pointer btf;

  private KernelTypes(Pointer btf) {
    this.btf = btf;
  }

  static KernelTypes load() throws AgentException {
    Pointer btf = Native.BPF.btf__load_vmlinux_btf();
    if (btf == null) {
      throw new AgentException("kernel BTF cannot be read: errno " + Native.errno());
    }
    return new KernelTypes(btf);
  }

  /** How many arguments a tracepoint has; 0 where the kernel does not have it. */
  int arguments(String tracepoint) {
    int id = Native.BPF.btf__find_by_name_kind(btf, "btf_trace_" + tracepoint, KIND_TYPEDEF);
    if (id < 0) {
      return 0;
    }
    Pointer function = target(target(Native.BPF.btf__type_by_id(btf, id))); // typedef, pointer
    return count(function) - 1; // the first is the tracepoint's own
  }

  boolean hasTracepoint(String tracepoint) {
    return arguments(tracepoint) > 0;
  }

  /** How many arguments a function has; 0 where the kernel does not have it. */
  int functionArguments(String function) {
    int id = Native.BPF.btf__find_by_name_kind(btf, function, KIND_FUNCTION);
    return id < 0 ? 0 : count(target(Native.BPF.btf__type_by_id(btf, id)));
  }

  /** The ring buffer that records travel in came with 5.8. */
  boolean hasRing() {
    return names("bpf_map_type", "BPF_MAP_TYPE_").containsValue("RINGBUF");
  }

  /** Names by value, without the prefix; empty where the kernel has no such enum. */
  Map<Integer, String> names(String enumeration, String prefix) {
    Map<Integer, String> names = new LinkedHashMap<>();
    int id = Native.BPF.btf__find_by_name_kind(btf, enumeration, KIND_ENUM);
    int count = id < 0 ? 0 : count(Native.BPF.btf__type_by_id(btf, id));
    for (int i = 0; i < count; i++) {
      Pointer type = Native.BPF.btf__type_by_id(btf, id);
      long at = TYPE_SIZE + (long) ENUM_SIZE * i;
      String name = Native.BPF.btf__name_by_offset(btf, type.getInt(at));
      int from = name.startsWith(prefix) ? prefix.length() : 0;
      names.putIfAbsent(type.getInt(at + 4), name.substring(from));
    }
    return names;
  }

  private Pointer target(Pointer type) {
    return Native.BPF.btf__type_by_id(btf, type.getInt(8));
  }

  private static int count(Pointer type) {
    return type.getInt(4) & 0xFFFF;
  }

  @Override
  public void close() {
    Native.BPF.btf__free(btf);
  }
}
