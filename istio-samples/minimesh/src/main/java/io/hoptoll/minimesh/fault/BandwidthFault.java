package io.hoptoll.minimesh.fault;

import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Pod;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A token bucket on what one pod sends to another, and bodies large enough to feel it. */
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
    return to
        + " sends to "
        + from
        + " at "
        + kilobits
        + " kbit/s, bodies of "
        + bodyBytes / 1024
        + " KiB";
  }

  @Override
  void inject() {
    Pod pod = mesh.pod(to);
    mesh.app(to).send("size " + bodyBytes);
    MiniMesh.inNamespace(pod, "tc qdisc add dev eth0 root handle 1: htb");
    MiniMesh.inNamespace(
        pod,
        "tc class add dev eth0 parent 1: classid 1:1 htb rate " + kilobits + "kbit burst 16kb");
    MiniMesh.inNamespace(pod, "iptables " + rule("-A"));
  }

  @Override
  Truth.Held remove() {
    String said = MiniMesh.inNamespace(mesh.pod(to), "tc -s class show dev eth0 classid 1:1");
    MiniMesh.inNamespace(mesh.pod(to), "iptables " + rule("-D"));
    MiniMesh.inNamespace(mesh.pod(to), "tc qdisc del dev eth0 root");
    mesh.app(to).send("size 64");
    Matcher overLimit = OVER_LIMIT.matcher(said);
    long waits = overLimit.find() ? Long.parseLong(overLimit.group(1)) : 0;
    return new Truth.Held(waits, 0, 0, 0);
  }

  /** What goes elsewhere is not classified, and passes as it is. */
  private String rule(String verb) {
    return "-t mangle "
        + verb
        + " POSTROUTING -o eth0 -d "
        + mesh.pod(from).ip()
        + " -j CLASSIFY --set-class 1:1";
  }

  @Override
  String measured() {
    return "times that the bucket was empty and packets had to wait, counted by the kernel";
  }
}
