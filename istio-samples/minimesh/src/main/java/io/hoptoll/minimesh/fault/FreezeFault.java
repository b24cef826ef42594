package io.hoptoll.minimesh.fault;

import io.hoptoll.minimesh.Child;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;
import java.util.concurrent.locks.LockSupport;

/** A process stopped and continued in turn (SIGSTOP, SIGCONT). */
final class FreezeFault extends Fault {
  private static final long MILLI = 1_000_000L;

  private final Child process;
  private final int stopMillis;
  private final int runMillis;
  private Thread cycle = new Thread();
  private volatile boolean running;
  private long stops;
  private long stoppedNanos;

  private FreezeFault(
      String name,
      Party party,
      Cause cause,
      Child process,
      String from,
      String to,
      int stop,
      int run) {
    super(name, party, cause, from, to);
    this.process = process;
    this.stopMillis = stop;
    this.runMillis = run;
  }

  static Fault sidecar(MiniMesh mesh, Party party, String from, String to, int stop, int run) {
    return new FreezeFault(
        "frozen-sidecar",
        party,
        Cause.SIDECAR_FROZEN,
        mesh.sidecar(party == Party.CLIENT_SIDECAR ? from : to),
        from,
        to,
        stop,
        run);
  }

  static Fault app(MiniMesh mesh, String from, String to, int stop, int run) {
    return new FreezeFault(
        "frozen-app", Party.SERVER_APP, Cause.APP_FROZEN, mesh.app(to), from, to, stop, run);
  }

  @Override
  public String description() {
    String who = party() == Party.SERVER_APP ? "app" : "sidecar";
    return who
        + " of "
        + workload()
        + " is stopped "
        + stopMillis
        + " ms of every "
        + (stopMillis + runMillis);
  }

  @Override
  void inject() {
    running = true;
    cycle = new Thread(this::cycle, "freeze");
    cycle.setDaemon(true);
    cycle.start();
  }

  private void cycle() {
    while (running) {
      long begin = System.nanoTime();
      process.signal("STOP");
      LockSupport.parkNanos(stopMillis * MILLI);
      process.signal("CONT");
      stoppedNanos += System.nanoTime() - begin;
      stops++;
      LockSupport.parkNanos(runMillis * MILLI);
    }
  }

  @Override
  Truth.Held remove() {
    running = false;
    try {
      cycle.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.signal("CONT");
    return new Truth.Held(stops, stoppedNanos, 0, 0);
  }

  @Override
  String measured() {
    return "stops and their length, timed around the signals";
  }
}
