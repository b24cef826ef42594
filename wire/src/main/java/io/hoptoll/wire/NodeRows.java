package io.hoptoll.wire;

import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.Pod;
import io.hoptoll.model.ProcessSample;
import io.hoptoll.model.RunningProcess;
import java.util.ArrayList;
import java.util.List;

/** Columns of what is on the node: processes, namespaces, pods; its clock; what was lost. */
final class NodeRows {
  static final int SAMPLE = 7;
  static final int RUNNING = 8;
  static final int NAMESPACE = 9;
  static final int CLOCK = 10;
  static final int LOST = 11;
  static final int POD = 12;

  private NodeRows() {}

  static void write(RowOut out, ProcessSample s) {
    out.begin(SAMPLE).number(s.netns()).number(s.tgid()).text(s.comm()).instant(s.atNanos());
    out.number(s.intervalNanos()).number(s.cpuNanos()).optional(s.throttledNanos());
    out.number(s.throttledPeriods()).optional(s.runQueueNanos()).number(s.runQueueWaits());
    out.flag(s.stopped()).end();
  }

  static ProcessSample sample(RowIn in) throws WireException {
    return new ProcessSample(
        in.node(),
        in.number(),
        in.integer(),
        in.text(),
        in.instant(),
        in.number(),
        in.number(),
        in.optional(),
        in.integer(),
        in.optional(),
        in.integer(),
        in.flag());
  }

  static void write(RowOut out, RunningProcess p) {
    out.begin(RUNNING).number(p.tgid()).number(p.startTicks()).number(p.netns());
    out.flag(p.nodeNetwork()).text(p.name()).text(p.executable()).text(p.container());
    out.text(p.podUid()).flag(p.ended()).end();
  }

  static RunningProcess running(RowIn in) throws WireException {
    return new RunningProcess(
        in.node(),
        in.integer(),
        in.number(),
        in.number(),
        in.flag(),
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        in.flag());
  }

  static void write(RowOut out, NetworkNamespace ns) {
    out.begin(NAMESPACE).number(ns.netns());
    int fit = Math.min(ns.addresses().size(), (out.left() - 1) / 2);
    ns.addresses().subList(0, fit).forEach(out::endpoint);
    out.end();
  }

  static NetworkNamespace namespace(RowIn in) throws WireException {
    long netns = in.number();
    List<Endpoint> addresses = new ArrayList<>();
    while (in.left() >= 2) {
      addresses.add(in.endpoint());
    }
    return new NetworkNamespace(in.node(), netns, addresses);
  }

  static void write(RowOut out, ClockSample c) {
    out.begin(CLOCK).instant(c.monotonicNanos()).number(c.offsetNanos()).number(c.boundNanos());
    out.end();
  }

  static ClockSample clock(RowIn in) {
    return new ClockSample(in.node(), in.instant(), in.number(), in.number());
  }

  static void writeLost(RowOut out, long records) {
    out.begin(LOST).number(records).endLoss(records);
  }

  static void write(RowOut out, Pod p) {
    out.begin(POD).text(p.namespace()).text(p.name()).text(p.uid()).text(p.workload());
    out.flag(p.hostNetwork()).flag(p.gone());
    int addresses = Math.min(p.addresses().size(), out.left() / 8);
    out.number(addresses);
    p.addresses().subList(0, addresses).forEach(out::text);
    int containers = Math.min(p.containers().size(), (out.left() - 1) / 3);
    out.number(containers);
    for (Pod.Container c : p.containers().subList(0, containers)) {
      out.text(c.id()).text(c.name()).flag(c.sidecar());
    }
    out.end();
  }

  static Pod pod(RowIn in) throws WireException {
    String namespace = in.text();
    String name = in.text();
    String uid = in.text();
    String workload = in.text();
    boolean hostNetwork = in.flag();
    boolean gone = in.flag();
    List<String> addresses = new ArrayList<>();
    for (long n = Math.min(in.number(), in.left()); n > 0; n--) {
      addresses.add(in.text());
    }
    List<Pod.Container> containers = new ArrayList<>();
    for (long n = Math.min(in.number(), in.left()); n > 0; n--) {
      containers.add(new Pod.Container(in.text(), in.text(), in.flag()));
    }
    return new Pod(namespace, name, uid, workload, addresses, hostNetwork, containers, gone);
  }
}
