package io.hoptoll.agent;

import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/** A BPF iterator program, run whenever asked: the kernel walks, the program acts. */
final class BpfIterator implements AutoCloseable {
  private final Pointer link;
  private final Pointer sink = Native.allocate(64);

  private BpfIterator(Pointer link) {
    this.link = link;
  }

  /** Over all processes' files. */
  static BpfIterator overFiles(BpfObject object, String program) throws AgentException {
    return attach(object, program, null);
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
    return attach(object, program, options);
  }

  private static BpfIterator attach(BpfObject object, String program, @Nullable Pointer options)
      throws AgentException {
    Pointer link = Native.BPF.bpf_program__attach_iter(object.program(program), options);
    if (link == null) {
      throw new AgentException("attach iterator " + program + ": errno " + Native.errno());
    }
    return new BpfIterator(link);
  }

  /** Walks once. False where the kernel refused. */
  boolean run() {
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
