package io.hoptoll.agent;

/** Which kernel hooks the socket probes may use. */
public enum Hooks {
  /** The first that the kernel has and accepts, in the order below. */
  AUTO,
  /** Tracepoints alone (Linux 6.16). */
  TRACEPOINTS,
  /** Entry and exit of kernel functions, with typed pointers (Linux 5.15). */
  FENTRY,
  /** Entry and return of kernel functions by breakpoint; any kernel with BTF and a BPF ring. */
  KPROBES
}
