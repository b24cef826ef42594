package io.hoptoll.minimesh.fault;

import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;

/** Envoy's own fault filter, switched by runtime keys: open connections feel it too. */
final class FilterDelayFault extends Fault {
  private final MiniMesh mesh;
  private final int millis;
  private final String workload;
  private final String key;

  FilterDelayFault(MiniMesh mesh, Party party, String from, String to, int millis) {
    super("fault-filter", party, Cause.SIDECAR_FILTER, from, to);
    this.mesh = mesh;
    this.millis = millis;
    this.workload = party == Party.CLIENT_SIDECAR ? from : to;
    this.key = "mm." + (party == Party.CLIENT_SIDECAR ? "outbound" : "inbound");
  }

  @Override
  public String description() {
    return "the fault filter in "
        + workload
        + "'s sidecar delays each request by "
        + millis
        + " ms";
  }

  @Override
  void inject() {
    mesh.runtime(workload, key + ".delay_percent=100&" + key + ".delay_ms=" + millis);
  }

  @Override
  Truth.Held remove() {
    mesh.runtime(workload, key + ".delay_percent=&" + key + ".delay_ms=");
    return Truth.Held.UNKNOWN;
  }

  @Override
  String measured() {
    return "nominal: Envoy does not tell what it held; its timers may fire up to 4 ms early";
  }
}
