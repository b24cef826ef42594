package io.hoptoll.minimesh.fault;

import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.SidecarSettings;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;

/** Packets from one pod to another that never arrive. */
final class DropFault extends Fault {
  private final MiniMesh mesh;
  private final PacketRule rule;
  private final boolean newConnections;
  private final String what;

  private DropFault(
      String name,
      Cause cause,
      MiniMesh mesh,
      String from,
      String to,
      String match,
      boolean fresh,
      String what) {
    super(name, Party.TRANSPORT, cause, from, to);
    this.mesh = mesh;
    this.newConnections = fresh;
    this.what = what;
    this.rule =
        new PacketRule(mesh.pod(to), mesh.pod(from), "mangle", "PREROUTING", match + " -j DROP");
  }

  static Fault loss(MiniMesh mesh, String from, String to, double share) {
    return new DropFault(
        "packet-loss",
        Cause.TRANSPORT_LOSS,
        mesh,
        from,
        to,
        "-m statistic --mode random --probability " + share,
        false,
        Math.round(share * 100) + " % of the packets from " + from + " to " + to + " are lost");
  }

  /** SYNs are only sent for new connections, so the client's sidecar is made to open some. */
  static Fault synLoss(MiniMesh mesh, String from, String to, int every) {
    return new DropFault(
        "lost-syn",
        Cause.TRANSPORT_CONNECT,
        mesh,
        from,
        to,
        "--syn -m statistic --mode nth --every " + every + " --packet 0",
        true,
        "every " + every + "th SYN from " + from + " to " + to + " is lost");
  }

  @Override
  public String description() {
    return what;
  }

  @Override
  void inject() {
    rule.insert();
    if (newConnections) {
      mesh.configure(from, mesh.settings(from).withRequestsPerConnection(4));
    }
  }

  @Override
  Truth.Held remove() {
    long dropped = rule.packets("mangle", "PREROUTING");
    rule.delete();
    if (newConnections) {
      mesh.configure(from, SidecarSettings.DEFAULT);
    }
    return new Truth.Held(dropped, 0, 0, 0);
  }

  @Override
  String measured() {
    return "packets dropped, counted by the rule";
  }
}
