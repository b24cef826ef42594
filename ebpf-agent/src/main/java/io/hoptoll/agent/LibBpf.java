package io.hoptoll.agent;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.SaveError;
import jnr.ffi.types.size_t;
import org.jspecify.annotations.Nullable;

/** The part of libbpf.so.1 that the agent uses; names are C's. Source: bpf/libbpf.h, bpf/btf.h. */
@SuppressWarnings("checkstyle:MethodName")
public interface LibBpf {
  int libbpf_set_print(@Nullable Pointer function);

  @SaveError
  @Nullable Pointer bpf_object__open_mem(@In Pointer buffer, @size_t long size, @In Pointer opts);

  @SaveError
  int bpf_object__load(Pointer object);

  void bpf_object__close(Pointer object);

  @Nullable Pointer bpf_object__find_map_by_name(Pointer object, @In String name);

  @Nullable Pointer bpf_object__next_program(Pointer object, @Nullable Pointer previous);

  @Nullable Pointer bpf_object__find_program_by_name(Pointer object, @In String name);

  @Nullable Pointer bpf_object__btf(Pointer object);

  String bpf_program__name(Pointer program);

  String bpf_program__section_name(Pointer program);

  int bpf_program__fd(Pointer program);

  @SaveError
  @Nullable Pointer bpf_program__attach(Pointer program);

  @SaveError
  @Nullable Pointer bpf_program__attach_iter(Pointer program, @Nullable Pointer opts);

  @SaveError
  @Nullable Pointer bpf_program__attach_uprobe_opts(
      Pointer program, int pid, @In String file, @size_t long offset, @In Pointer opts);

  int bpf_link__destroy(Pointer link);

  int bpf_link__fd(Pointer link);

  @SaveError
  int bpf_iter_create(int linkFd);

  int bpf_map__fd(Pointer map);

  @Nullable Pointer bpf_object__next_map(Pointer object, @Nullable Pointer previous);

  int bpf_map__type(Pointer map);

  int bpf_map__max_entries(Pointer map);

  int bpf_map__set_max_entries(Pointer map, int entries);

  @Nullable Pointer bpf_map__initial_value(Pointer map, Pointer size);

  @SaveError
  int bpf_map_lookup_elem(int fd, Pointer key, Pointer value);

  @SaveError
  int bpf_map_update_elem(int fd, Pointer key, Pointer value, long flags);

  @SaveError
  int bpf_map_delete_elem(int fd, Pointer key);

  @SaveError
  int bpf_map_get_next_key(int fd, @Nullable Pointer key, Pointer next);

  @SaveError
  int bpf_prog_test_run_opts(int fd, Pointer opts);

  @SaveError
  int bpf_map_lookup_and_delete_batch(
      int fd,
      @Nullable Pointer inBatch,
      Pointer outBatch,
      Pointer keys,
      Pointer values,
      Pointer count,
      @Nullable Pointer opts);

  @SaveError
  int bpf_obj_get_info_by_fd(int fd, Pointer info, Pointer size);

  int bpf_map__reuse_fd(Pointer map, int fd);

  int bpf_program__set_autoload(Pointer program, boolean autoload);

  boolean bpf_program__autoload(Pointer program);

  int libbpf_num_possible_cpus();

  int btf__find_by_name_kind(Pointer btf, @In String name, int kind);

  /** The running kernel's BTF. */
  @SaveError
  @Nullable Pointer btf__load_vmlinux_btf();

  void btf__free(Pointer btf);

  Pointer btf__type_by_id(Pointer btf, int id);

  String btf__name_by_offset(Pointer btf, int offset);
}
