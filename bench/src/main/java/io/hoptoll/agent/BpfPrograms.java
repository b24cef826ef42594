package io.hoptoll.agent;

import jnr.ffi.Pointer;

/** How often each BPF program of this machine ran, and how long: BPF_ENABLE_STATS of bpf(2). */
final class BpfPrograms {
  // struct bpf_prog_info (linux/bpf.h)
  private static final int INFO = 224;
  private static final int NAME = 64;
  private static final int NAME_LENGTH = 16;
  private static final int RUN_NANOS = 192;
  private static final int RUNS = 200;

  /** enum bpf_stats_type */
  private static final int RUN_TIME = 0;

  /** The part of libbpf that names every program of the machine. */
  public interface LibBpfIds {
    int bpf_prog_get_next_id(int start, Pointer next);

    int bpf_prog_get_fd_by_id(int id);

    int bpf_enable_stats(int type);
  }

  private static final LibBpfIds IDS = Native.load(LibBpfIds.class, "libbpf.so.1");

  private static int times = -1;

  private BpfPrograms() {}

  /**
   * Has the kernel take the time of each program, itself 70 ns a run here, so not for longer than
   * needed: it ends with this process, however that ends.
   */
  static String times(boolean on) {
    if (times >= 0) {
      Native.C.close(times);
      times = -1;
    }
    if (on) {
      times = IDS.bpf_enable_stats(RUN_TIME);
    }
    return on && times < 0 ? "refused bpf_enable_stats: errno " + Native.errno() : "ok";
  }

  /** {@code id:name:runs:nanos} of each, space between. */
  static String read() {
    StringBuilder all = new StringBuilder();
    Pointer next = Native.allocate(4);
    int id = 0;
    while (IDS.bpf_prog_get_next_id(id, next) == 0) {
      id = next.getInt(0);
      int fd = IDS.bpf_prog_get_fd_by_id(id);
      if (fd >= 0) {
        append(all, id, fd);
        Native.C.close(fd);
      }
    }
    return all.toString().strip();
  }

  private static void append(StringBuilder all, int id, int fd) {
    Pointer info = Native.allocate(INFO);
    Pointer size = Native.allocate(8);
    size.putInt(0, INFO);
    if (Native.BPF.bpf_obj_get_info_by_fd(fd, info, size) == 0) {
      String name = info.getString(NAME, NAME_LENGTH, java.nio.charset.StandardCharsets.US_ASCII);
      all.append(id).append(':').append(name.isEmpty() ? "unnamed" : name);
      all.append(':').append(info.getLong(RUNS)).append(':').append(info.getLong(RUN_NANOS));
      all.append(' ');
    }
  }
}
