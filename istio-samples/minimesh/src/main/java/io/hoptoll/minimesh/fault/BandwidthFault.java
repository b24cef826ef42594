package io.hoptoll.minimesh.fault;

import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Pod;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A token bucket on what a pod sends, and bodies large enough to feel it. */
final class BandwidthFault extends Fault {
  private static final Pattern OVER_LIMIT = Pattern.compile("overlimits (\\d+)");

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
    String said = MiniMesh.inNamespace(mesh.pod(to), "tc -s qdisc show dev eth0 root");
    MiniMesh.inNamespace(mesh.pod(to), "tc qdisc del dev eth0 root");
    mesh.app(to).send("size 64");
    Matcher overLimit = OVER_LIMIT.matcher(said);
    long waits = overLimit.find() ? Long.parseLong(overLimit.group(1)) : 0;
    return new Truth.Held(waits, 0, 0, 0);
  }

  @Override
  String measured() {
    return "times that the bucket was empty and packets had to wait, counted by the kernel";
  }
}
