package io.hoptoll.minimesh.fault;

import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;

/** Every n-th packet from one pod to another is answered by a TCP reset. */
final class ResetFault extends Fault {
  private final PacketRule rule;
  private final int every;

  ResetFault(MiniMesh mesh, String from, String to, int every) {
    super("reset", Party.TRANSPORT, Cause.TRANSPORT_RESET, from, to);
    this.every = every;
    this.rule =
        new PacketRule(
            mesh.pod(to),
            mesh.pod(from),
            "filter",
            "INPUT",
            "-m statistic --mode nth --every "
                + every
                + " --packet 0 -j REJECT --reject-with tcp-reset");
  }

  @Override
  public String description() {
    return "every " + every + "th packet from " + from + " to " + to + " is answered by a reset";
  }

  @Override
  void inject() {
    rule.insert();
  }

  @Override
  Truth.Held remove() {
    long resets = rule.packets("filter", "INPUT");
    rule.delete();
    return new Truth.Held(resets, 0, 0, 0);
  }

  @Override
  String measured() {
    return "resets sent, counted by the rule";
  }
}
