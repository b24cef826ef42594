package io.hoptoll.agent;

import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/** A BPF iterator program, run whenever asked: the kernel walks, the program acts. */
final class BpfIterator implements AutoCloseable {
  private final Pointer link;
  private final int rest;
  private final Pointer sink = Native.allocate(64);
  private long durationNanos;
  private long endNanos;

  private BpfIterator(Pointer link, int rest) {
    this.link = link;
    this.rest = rest;
  }

  /** Over all processes' files. */
  static BpfIterator overFiles(BpfObject object, String program) throws AgentException {
    return new BpfIterator(attach(object, program, null), 0);
  }

  /**
   * The same for a program that is run often: a call too soon after the last walk does nothing.
   *
   * @param rest how long that is, as a multiple of the walk's own duration
   */
  static BpfIterator overFilesSparingly(BpfObject object, String program, int rest)
      throws AgentException {
    return new BpfIterator(attach(object, program, null), rest);
  }

  /** Over all entries of a socket storage map. */
  static BpfIterator overSockets(BpfObject object, String program, String map)
      throws AgentException {
    Pointer info = Native.allocate(16);
    info.putInt(0, Native.BPF.bpf_map__fd(object.map(map)));
    Pointer options = Native.allocate(24); // struct bpf_iter_attach_opts
    options.putLong(0, 24);
    options.putAddress(8, info.address());
    options.putInt(16, 16);
    return new BpfIterator(attach(object, program, options), 0);
  }

  private static Pointer attach(BpfObject object, String program, @Nullable Pointer options)
      throws AgentException {
    Pointer link = Native.BPF.bpf_program__attach_iter(object.program(program), options);
    if (link == null) {
      throw new AgentException("attach iterator " + program + ": errno " + Native.errno());
    }
    return link;
  }

  /** Whether {@link #run} would walk now. */
  boolean isDue() {
    return System.nanoTime() - endNanos >= durationNanos * rest;
  }

  /** Walks once. False where the kernel refused. */
  boolean run() {
    if (!isDue()) {
      return true;
    }
    long start = System.nanoTime();
    boolean walked = walk();
    endNanos = System.nanoTime();
    durationNanos = endNanos - start;
    return walked;
  }

  private boolean walk() {
    int fd = Native.BPF.bpf_iter_create(Native.BPF.bpf_link__fd(link));
    if (fd < 0) {
      return false;
    }
    while (Native.C.read(fd, sink, 64) > 0) {
      // the programs print nothing; read drives the walk until its end
    }
    Native.C.close(fd);
    return true;
  }

  @Override
  public void close() {
    Native.BPF.bpf_link__destroy(link);
  }
}
