package io.hoptoll.minimesh.fault;

import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;

/** Envoy's own fault filter, switched by runtime keys: open connections feel it too. */
final class FilterDelayFault extends Fault {
  private final MiniMesh mesh;
  private final int millis;
  private final String key;
  private long delaysBefore;

  FilterDelayFault(MiniMesh mesh, Party party, String from, String to, int millis) {
    super("fault-filter", party, Cause.SIDECAR_FILTER, from, to);
    this.mesh = mesh;
    this.millis = millis;
    this.key = "mm." + (party == Party.CLIENT_SIDECAR ? "outbound" : "inbound");
  }

  @Override
  public String description() {
    return "the fault filter in "
        + workload()
        + "'s sidecar delays each request by "
        + millis
        + " ms";
  }

  @Override
  void inject() {
    delaysBefore = delays();
    mesh.runtime(workload(), key + ".delay_percent=100&" + key + ".delay_ms=" + millis);
  }

  @Override
  Truth.Held remove() {
    mesh.runtime(workload(), key + ".delay_percent=&" + key + ".delay_ms=");
    long count = delays() - delaysBefore;
    long each = millis * 1_000_000L;
    return new Truth.Held(count, count * each, each, each);
  }

  private long delays() {
    return (long) mesh.stats(workload()).sum("fault_delays_injected", "");
  }

  @Override
  String measured() {
    return "delays counted by Envoy, each taken as its nominal length: a timer may fire 4 ms early";
  }
}
