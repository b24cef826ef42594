package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jnr.ffi.Pointer;

/** Runs a loaded {@code SEC("syscall")} program once, on a context that it may write. */
final class TestRun {
  // struct bpf_test_run_opts (bpf/bpf.h): sz, ..., ctx_in at 32, ..., ctx_size_in at 48
  private static final int OPTIONS = 80;
  private static final int CONTEXT = 32;
  private static final int CONTEXT_SIZE = 48;
  private static final int RETURNED = 56;
  private static final int FLAGS = 68;
  private static final int CPU = 72;
  private static final int RUN_ON_CPU = 1; // BPF_F_TEST_RUN_ON_CPU

  private final int program;
  private final Pointer options = Native.allocate(OPTIONS);

  TestRun(Pointer program) {
    this.program = Native.BPF.bpf_program__fd(program);
    options.putLong(0, OPTIONS);
  }

  void run(Pointer context, int size) {
    options.putAddress(CONTEXT, context.address());
    options.putInt(CONTEXT_SIZE, size);
    assertEquals(
        0, Native.BPF.bpf_prog_test_run_opts(program, options), () -> "errno " + Native.errno());
  }

  /**
   * The same of a {@code SEC("raw_tp")} program, on this CPU.
   *
   * @return what the program returns
   */
  int runOn(int cpu, Pointer context, int size) {
    options.putInt(FLAGS, RUN_ON_CPU);
    options.putInt(CPU, cpu);
    run(context, size);
    return options.getInt(RETURNED);
  }
}
