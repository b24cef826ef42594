package io.hoptoll.minimesh.fault;

import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.SidecarSettings;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;
import java.util.function.UnaryOperator;

/** A change of a sidecar's configuration, pushed over ADS and taken back the same way. */
final class SettingsFault extends Fault {
  private final MiniMesh mesh;
  private final UnaryOperator<SidecarSettings> change;
  private final SidecarGauge gauge;
  private final String what;

  private SettingsFault(
      String name,
      Party party,
      Cause cause,
      MiniMesh mesh,
      String from,
      String to,
      UnaryOperator<SidecarSettings> change,
      SidecarGauge gauge,
      String what) {
    super(name, party, cause, from, to);
    this.mesh = mesh;
    this.change = change;
    this.gauge = gauge;
    this.what = what;
  }

  static Fault luaBusy(MiniMesh mesh, Party party, String from, String to, int millis) {
    boolean client = party == Party.CLIENT_SIDECAR;
    String workload = client ? from : to;
    return new SettingsFault(
        "slow-filter",
        party,
        Cause.SIDECAR_FILTER,
        mesh,
        from,
        to,
        s -> client ? s.withLuaBusyOutbound(millis) : s.withLuaBusyMillis(millis),
        new SidecarGauge.Burnt(mesh, workload),
        "a Lua filter in "
            + workload
            + "'s sidecar burns "
            + millis
            + " ms on each "
            + (client ? "outbound" : "inbound")
            + " request");
  }

  static Fault poolLimit(MiniMesh mesh, String from, String to) {
    return new SettingsFault(
        "pool-limit",
        Party.CLIENT_SIDECAR,
        Cause.SIDECAR_POOL_WAIT,
        mesh,
        from,
        to,
        s -> s.withMaxConnections(1),
        SidecarGauge.pending(mesh, from, to),
        from + "'s sidecar may hold one connection per upstream (maxConnections: 1)");
  }

  static Fault tlsPerRequest(MiniMesh mesh, String from, String to) {
    return new SettingsFault(
        "tls-per-request",
        Party.CLIENT_SIDECAR,
        Cause.SIDECAR_TLS_HANDSHAKE,
        mesh,
        from,
        to,
        s -> s.withRequestsPerConnection(1),
        SidecarGauge.handshakes(mesh, from, to),
        from + "'s sidecar opens a connection per request (maxRequestsPerConnection: 1)");
  }

  @Override
  public String description() {
    return what;
  }

  @Override
  void inject() {
    gauge.begin();
    mesh.configure(workload(), change.apply(mesh.settings(workload())));
  }

  @Override
  Truth.Held remove() {
    Truth.Held held = gauge.end();
    mesh.configure(workload(), SidecarSettings.DEFAULT);
    return held;
  }

  @Override
  String measured() {
    return gauge.measured();
  }
}
