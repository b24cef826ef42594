package io.hoptoll.agent;

import java.lang.ref.Reference;
import jnr.ffi.Pointer;

/** The probes' TLS record walker, run in the kernel on one chunk at a time (tls.test.bpf.c). */
final class TlsWalker implements AutoCloseable {
  private static final int LENGTH = 8;
  private static final int HEAD = 12;
  private static final int IN = 16;
  private static final int CLIENT = 17;
  private static final int DATA = 18;
  private static final int RESTART = 20;
  private static final int WALK_BYTES = 24;

  private final BpfObject object;
  private final TestRun program;
  private final Pointer walk = Native.allocate(WALK_BYTES);

  TlsWalker() throws AgentException {
    object = BpfObject.load(Architecture.object("tls.test"), o -> {});
    program = new TestRun(object.program("walk"));
  }

  /** Forgets the connection. */
  void reset() {
    walk.putInt(RESTART, 1);
  }

  /** Does this chunk carry application data? */
  boolean feed(byte[] chunk, boolean in, boolean client) {
    return feed(chunk, chunk.length, in, client);
  }

  /**
   * @param readable how many of the bytes the walker may look at
   */
  boolean feed(byte[] chunk, int readable, boolean in, boolean client) {
    Pointer user = Native.allocate(Math.max(8, chunk.length));
    user.put(0, chunk, 0, chunk.length);
    walk.putLong(0, user.address());
    walk.putInt(LENGTH, chunk.length);
    walk.putInt(HEAD, readable);
    walk.putByte(IN, (byte) (in ? 1 : 0));
    walk.putByte(CLIENT, (byte) (client ? 1 : 0));
    program.run(walk, WALK_BYTES);
    walk.putInt(RESTART, 0);
    Reference.reachabilityFence(user);
    return walk.getByte(DATA) != 0;
  }

  @Override
  public void close() {
    object.close();
  }
}
