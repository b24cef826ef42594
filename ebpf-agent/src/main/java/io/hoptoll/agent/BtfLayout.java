package io.hoptoll.agent;

import java.util.Map;
import jnr.ffi.Pointer;

/**
 * Compares a descriptor's offsets with the object's own BTF, so that a record layout that was
 * changed on one side only refuses to start. Source: include/uapi/linux/btf.h.
 */
final class BtfLayout {
  private static final int KIND_STRUCT = 4;
  private static final int TYPE_SIZE = 12;
  private static final int MEMBER_SIZE = 12;
  private static final int KIND_DATASEC = 15;
  private static final int SECINFO_SIZE = 12;

  private final Pointer btf;

  BtfLayout(Pointer btf) {
    this.btf = btf;
  }

  /**
   * @param size of the struct, bytes
   * @param offsets by path, such as {@code tuple.local_port}
   */
  void check(String struct, int size, Map<String, Integer> offsets) throws AgentException {
    int id = Native.BPF.btf__find_by_name_kind(btf, struct, KIND_STRUCT);
    if (id < 0) {
      throw new AgentException("struct " + struct + " is not in the object's BTF");
    }
    int actual = type(id).getInt(8);
    if (actual != size) {
      throw new AgentException("struct " + struct + " has " + actual + " bytes, not " + size);
    }
    for (Map.Entry<String, Integer> field : offsets.entrySet()) {
      int at = offset(struct, id, field.getKey());
      if (at != field.getValue()) {
        throw new AgentException(
            struct + "." + field.getKey() + " is at byte " + at + ", not " + field.getValue());
      }
    }
  }

  /**
   * Offset of a global variable in its section, such as {@code self_tgid} in {@code .rodata}. Right
   * once libbpf has opened the object: the compiler leaves the offsets to it.
   */
  int variable(String section, String name) throws AgentException {
    int id = Native.BPF.btf__find_by_name_kind(btf, section, KIND_DATASEC);
    int count = id < 0 ? 0 : type(id).getInt(4) & 0xFFFF;
    for (int i = 0; i < count; i++) {
      Pointer sections = type(id);
      long at = TYPE_SIZE + (long) SECINFO_SIZE * i;
      int nameAt = type(sections.getInt(at)).getInt(0);
      if (name.equals(Native.BPF.btf__name_by_offset(btf, nameAt))) {
        return sections.getInt(at + 4);
      }
    }
    throw new AgentException("variable " + name + " is not in the object's " + section);
  }

  private int offset(String struct, int id, String path) throws AgentException {
    int at = 0;
    int type = id;
    for (String name : path.split("\\.")) {
      int member = member(type, name);
      if (member < 0) {
        throw new AgentException("struct " + struct + " has no field " + path);
      }
      Pointer t = type(type);
      long base = TYPE_SIZE + (long) MEMBER_SIZE * member;
      at += t.getInt(base + 8) / 8;
      type = t.getInt(base + 4);
    }
    return at;
  }

  private int member(int typeId, String name) {
    Pointer t = type(typeId);
    int count = t.getInt(4) & 0xFFFF;
    for (int i = 0; i < count; i++) {
      int nameAt = t.getInt(TYPE_SIZE + (long) MEMBER_SIZE * i);
      if (name.equals(Native.BPF.btf__name_by_offset(btf, nameAt))) {
        return i;
      }
    }
    return -1;
  }

  private Pointer type(int id) {
    return Native.BPF.btf__type_by_id(btf, id);
  }
}
