package io.hoptoll.minimesh.fault;

import io.hoptoll.minimesh.CpuGroup;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;

/** A CPU quota too small for its process; the kernel counts how long it was throttled. */
final class QuotaFault extends Fault {
  private final CpuGroup group;
  private final int micros;
  private long throttledBefore;

  private QuotaFault(
      String name, Party party, Cause cause, CpuGroup group, String from, String to, int micros) {
    super(name, party, cause, from, to);
    this.group = group;
    this.micros = micros;
  }

  static Fault sidecar(MiniMesh mesh, Party party, String from, String to, int micros) {
    return new QuotaFault(
        "starved-sidecar",
        party,
        Cause.SIDECAR_CPU_THROTTLED,
        mesh.sidecarGroup(party == Party.CLIENT_SIDECAR ? from : to),
        from,
        to,
        micros);
  }

  static Fault app(MiniMesh mesh, String from, String to, int micros) {
    return new QuotaFault(
        "starved-app",
        Party.SERVER_APP,
        Cause.APP_CPU_THROTTLED,
        mesh.appGroup(to),
        from,
        to,
        micros);
  }

  @Override
  public String description() {
    String who = party() == Party.SERVER_APP ? "app" : "sidecar";
    return who + " of " + workload() + " gets " + micros / 1000.0 + " ms of CPU in each 100 ms";
  }

  @Override
  void inject() {
    throttledBefore = group.throttledNanos();
    group.quota(micros);
  }

  @Override
  Truth.Held remove() {
    group.quota(0);
    return new Truth.Held(0, group.throttledNanos() - throttledBefore, 0, 0);
  }

  @Override
  String measured() {
    return "time throttled, from the cgroup's cpu.stat";
  }
}
