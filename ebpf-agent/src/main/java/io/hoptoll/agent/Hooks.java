package io.hoptoll.agent;

/** Which kernel hooks the socket probes may use. */
public enum Hooks {
  /** The first that the kernel has and accepts, in the order below. */
  AUTO,
  /** Tracepoints alone (Linux 6.16). */
  TRACEPOINTS,
  /**
   * Entry and exit of kernel functions; where typed pointers cannot be kept, by copies (Linux 5.8).
   */
  FENTRY,
  /** Entry and return of kernel functions by breakpoint; any kernel with BTF and a BPF ring. */
  KPROBES
}
