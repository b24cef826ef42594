package io.hoptoll.minimesh.fault;

import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Pod;

/** One iptables rule in one pod on what arrives from another pod; counted by the kernel. */
final class PacketRule {
  private final Pod at;
  private final String rule;

  /**
   * @param table and chain such as {@code mangle PREROUTING}
   */
  PacketRule(Pod at, Pod from, String table, String chain, String match) {
    this.at = at;
    this.rule = "-t " + table + " %s " + chain + " -i eth0 -s " + from.ip() + " -p tcp " + match;
  }

  void insert() {
    MiniMesh.inNamespace(at, "iptables " + rule.formatted("-A"));
  }

  void delete() {
    MiniMesh.inNamespace(at, "iptables " + rule.formatted("-D"));
  }

  /** Packets that matched so far. */
  long packets(String table, String chain) {
    String list = MiniMesh.inNamespace(at, "iptables -t " + table + " -nvxL " + chain);
    String[] lines = list.strip().split("\n");
    return Long.parseLong(lines[lines.length - 1].strip().split(" +")[0]);
  }
}
