package io.hoptoll.agent;

import jnr.ffi.Pointer;

/**
 * The probes' turn machine, run in the kernel one event of a socket at a time (turn.test.bpf.c).
 * Keeps count of the bytes that came in and were read, as TCP's sequence numbers do.
 */
final class TurnMachine implements AutoCloseable {
  private enum Event {
    CONNECT,
    ACCEPT,
    READY,
    READ,
    SEND,
    WRITTEN
  }

  /**
   * The turn at hand after an event; times as given, 0 where never.
   *
   * @param ended the latest read or send ended the turn before this one
   */
  record Turn(
      boolean ended,
      int number,
      long readyFirst,
      long readyLast,
      long readFirst,
      long readLast,
      long sendFirst,
      long sendLast,
      long bytesIn,
      long bytesOut,
      int readyEvents,
      int receiveQueueMax) {}

  private static final int STEP_BYTES = 104;

  private final BpfObject object;
  private final TestRun program;
  private final Pointer step = Native.allocate(STEP_BYTES);
  private int arrived;
  private int read;

  TurnMachine() throws AgentException {
    object = BpfObject.load(Architecture.object("turn.test"), o -> {});
    program = new TestRun(object.program("step"));
  }

  void connect() {
    arrived = read = 0;
    run(Event.CONNECT, 0, 0, 0);
  }

  void accept() {
    arrived = read = 0;
    run(Event.ACCEPT, 0, 0, 0);
  }

  Turn ready(long now, int bytes) {
    arrived += bytes;
    return run(Event.READY, now, bytes, arrived);
  }

  Turn read(long now, int bytes) {
    read += bytes;
    return run(Event.READ, now, bytes, read);
  }

  /** A send from its entry to its return. */
  Turn send(long entry, long end, int bytes) {
    run(Event.SEND, entry, 0, 0);
    return run(Event.WRITTEN, end, bytes, 0);
  }

  private Turn run(Event event, long now, int bytes, int seq) {
    step.putLong(0, now);
    step.putInt(8, event.ordinal());
    step.putInt(12, bytes);
    step.putInt(16, seq);
    program.run(step, STEP_BYTES);
    return turn();
  }

  private Turn turn() {
    return new Turn(
        step.getInt(20) != 0,
        step.getInt(88),
        step.getLong(24),
        step.getLong(32),
        step.getLong(40),
        step.getLong(48),
        step.getLong(56),
        step.getLong(64),
        step.getLong(72),
        step.getLong(80),
        step.getInt(92),
        step.getInt(96));
  }

  @Override
  public void close() {
    object.close();
  }
}
