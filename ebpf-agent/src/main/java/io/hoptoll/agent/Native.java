package io.hoptoll.agent;

import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** The native libraries, loaded once. */
final class Native {
  static final LibC C;
  static final LibBpf BPF;
  static final Runtime RUNTIME;

  static {
    // jnr-ffi 2.2.17 mis-passes the sixth integer argument through its x86 stubs (mmap has six)
    System.setProperty("jnr.ffi.x86asm.enabled", "false");
    C = LibraryLoader.create(LibC.class).load("c");
    BPF = load(LibBpf.class, "libbpf.so.1");
    RUNTIME = Runtime.getRuntime(C);
    BPF.libbpf_set_print(null);
  }

  static final int ENOENT = 2;
  private static final long CLOCK_MONOTONIC_COARSE = 6;

  private Native() {}

  /** Every library of the agent comes through here: jnr-ffi reads the property above only once. */
  static <T> T load(Class<T> functions, String library) {
    return LibraryLoader.create(functions).load(library);
  }

  static int errno() {
    return LastError.getLastError(RUNTIME);
  }

  static Pointer allocate(long bytes) {
    return RUNTIME.getMemoryManager().allocateDirect((int) bytes, true);
  }

  /** Length of a kernel tick (1/HZ), ns: the resolution of the coarse clock. */
  static long tickNanos() {
    Pointer timespec = allocate(16);
    C.clock_getres((int) CLOCK_MONOTONIC_COARSE, timespec);
    return timespec.getLong(0) * 1_000_000_000L + timespec.getLong(8);
  }
}
