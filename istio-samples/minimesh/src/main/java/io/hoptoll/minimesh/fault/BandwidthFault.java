package io.hoptoll.minimesh.fault;

import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Pod;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;

/** A token bucket on what a pod sends, and bodies large enough to feel it. */
final class BandwidthFault extends Fault {
  private final MiniMesh mesh;
  private final int kilobits;
  private final int bodyBytes;

  BandwidthFault(MiniMesh mesh, String from, String to, int kilobits, int bodyBytes) {
    super("bandwidth", Party.TRANSPORT, Cause.TRANSPORT_BANDWIDTH, from, to);
    this.mesh = mesh;
    this.kilobits = kilobits;
    this.bodyBytes = bodyBytes;
  }

  @Override
  public String description() {
    return to + " sends at " + kilobits + " kbit/s, bodies of " + bodyBytes / 1024 + " KiB";
  }

  @Override
  void inject() {
    Pod pod = mesh.pod(to);
    mesh.app(to).send("size " + bodyBytes);
    MiniMesh.inNamespace(
        pod, "tc qdisc add dev eth0 root tbf rate " + kilobits + "kbit burst 16kb latency 400ms");
  }

  @Override
  Truth.Held remove() {
    MiniMesh.inNamespace(mesh.pod(to), "tc qdisc del dev eth0 root");
    mesh.app(to).send("size 64");
    return Truth.Held.UNKNOWN;
  }

  @Override
  String measured() {
    return "nominal rate; the queue's delay depends on the load";
  }
}
