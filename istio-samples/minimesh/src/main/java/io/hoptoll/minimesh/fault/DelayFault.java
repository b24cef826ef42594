package io.hoptoll.minimesh.fault;

import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.PacketHolder;
import io.hoptoll.minimesh.Pod;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;
import java.util.ArrayList;
import java.util.List;

/** Packets between two pods held for a while, one way or both; each is stamped by the holder. */
final class DelayFault extends Fault {
  private static final int QUEUE = 7;

  private final MiniMesh mesh;
  private final int micros;
  private final boolean bothWays;
  private final List<PacketRule> rules = new ArrayList<>();
  private final List<PacketHolder> holders = new ArrayList<>();

  DelayFault(MiniMesh mesh, String from, String to, int micros, boolean bothWays) {
    super("transport-delay", Party.TRANSPORT, Cause.TRANSPORT_RTT, from, to);
    this.mesh = mesh;
    this.micros = micros;
    this.bothWays = bothWays;
  }

  @Override
  public String description() {
    return "packets "
        + from
        + (bothWays ? " ↔ " : " → ")
        + to
        + " are held "
        + micros / 1000.0
        + " ms"
        + (bothWays ? " each way" : "");
  }

  @Override
  void inject() {
    hold(mesh.pod(to), mesh.pod(from));
    if (bothWays) {
      hold(mesh.pod(from), mesh.pod(to));
    }
  }

  private void hold(Pod at, Pod sender) {
    holders.add(PacketHolder.start(mesh, at, QUEUE, micros));
    PacketRule rule =
        new PacketRule(
            at,
            sender,
            "mangle",
            "PREROUTING",
            "-j NFQUEUE --queue-num " + QUEUE + " --queue-bypass");
    rule.insert();
    rules.add(rule);
  }

  @Override
  Truth.Held remove() {
    rules.forEach(PacketRule::delete);
    long packets = 0;
    long nanos = 0;
    long p50 = 0;
    long p99 = 0;
    for (PacketHolder holder : holders) {
      PacketHolder.Held held = holder.stop();
      packets += held.packets();
      nanos += held.nanos();
      p50 = Math.max(p50, held.p50Nanos());
      p99 = Math.max(p99, held.p99Nanos());
    }
    return new Truth.Held(packets, nanos, p50, p99);
  }

  @Override
  String measured() {
    return "packets held, each stamped by the holder (quantiles of the slower way)";
  }
}
