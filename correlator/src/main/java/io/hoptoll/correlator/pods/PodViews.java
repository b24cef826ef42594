package io.hoptoll.correlator.pods;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Pod;
import io.hoptoll.model.RunningProcess;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Pods as they are asked for. */
public final class PodViews {
  private static final String ON_NODE_NETWORK =
      "shares the network of its node: its sockets cannot be told from the node's";

  private final Processes processes;
  private final PodNames names;
  private final Map<PodRef, PodLines> pods;
  private final PodCounters counters;
  private final OpenRequests open;
  private long nowNanos;

  PodViews(
      Processes processes,
      PodNames names,
      Map<PodRef, PodLines> pods,
      PodCounters counters,
      OpenRequests open) {
    this.processes = processes;
    this.names = names;
    this.pods = pods;
    this.counters = counters;
    this.open = open;
  }

  /** As of when ages are told. */
  PodViews at(long nowNanos) {
    this.nowNanos = nowNanos;
    return this;
  }

  /** All pods seen, by name. */
  public PodList list() {
    List<PodList.Entry> all =
        refs().stream()
            .map(this::entry)
            .sorted(
                Comparator.comparing((PodList.Entry e) -> e.pod().namespace())
                    .thenComparing(e -> e.pod().name()))
            .toList();
    return new PodList(all, leftOut());
  }

  /**
   * The pod's processes, peers and lines; null for a pod that was not seen. One that was listed by
   * its address is found by it also when its name is known by now.
   */
  public @Nullable PodTopology topology(String namespace, String name) {
    PodTopology byAddress = null;
    for (PodRef ref : refs()) {
      PodName found = names.name(ref);
      if (found.namespace().equals(namespace) && found.name().equals(name)) {
        return topology(ref, found);
      }
      boolean isAddress = found.addresses().stream().anyMatch(name::equals);
      byAddress = isAddress ? topology(ref, found) : byAddress;
    }
    return byAddress;
  }

  /** What was not kept, by cause. */
  public Map<String, Long> counters() {
    return counters.read();
  }

  private Set<PodRef> refs() {
    Set<PodRef> all = new LinkedHashSet<>(pods.keySet());
    processes.pods().stream().filter(p -> !processes.isLeftOut(p)).forEach(all::add);
    return all;
  }

  private PodList.Entry entry(PodRef ref) {
    long in = 0;
    long out = 0;
    var lines = lines(ref).all();
    for (Line line : lines) {
      in += line.client.read.bytes + line.server.read.bytes;
      out += line.client.write.bytes + line.server.write.bytes;
    }
    int running = (int) processes.of(ref).stream().filter(p -> !p.ended()).count();
    return new PodList.Entry(names.name(ref), running, lines.size(), in, out);
  }

  private PodLines lines(PodRef ref) {
    return pods.getOrDefault(ref, new PodLines());
  }

  private List<PodList.LeftOut> leftOut() {
    Map<String, PodList.LeftOut> byUid = new LinkedHashMap<>();
    for (RunningProcess p : processes.onNodeNetwork()) {
      Pod pod = names.of(p);
      String namespace = pod == null ? "" : pod.namespace();
      String name = pod == null ? "uid " + p.podUid() : pod.name();
      byUid.put(p.podUid(), new PodList.LeftOut(namespace, name, p.node(), ON_NODE_NETWORK));
    }
    return List.copyOf(byUid.values());
  }

  private PodTopology topology(PodRef ref, PodName name) {
    Map<String, PodTopology.Member> members = new LinkedHashMap<>();
    for (RunningProcess p : processes.of(ref)) {
      members.put("p" + p.tgid(), member(p));
    }
    Map<String, PodTopology.Peer> peers = new LinkedHashMap<>();
    List<PodTopology.Link> links = new ArrayList<>();
    for (Line line : lines(ref).all()) {
      party(line.key.client(), members, peers);
      party(line.key.server(), members, peers);
      links.add(link(line));
    }
    links.sort(Comparator.comparingLong(PodViews::bytes).reversed());
    return new PodTopology(
        name,
        List.copyOf(members.values()),
        List.copyOf(peers.values()),
        links,
        open.of(ref, nowNanos));
  }

  private void party(
      Party party, Map<String, PodTopology.Member> members, Map<String, PodTopology.Peer> peers) {
    if (party instanceof Party.Inside inside) {
      members.computeIfAbsent(party.id(), id -> unnamed(id, inside.process()));
    } else if (party instanceof Party.Outside outside) {
      peers.computeIfAbsent(party.id(), id -> peer(id, outside));
    } else {
      peers.computeIfAbsent(party.id(), id -> new PodTopology.Peer(id, "", 0, "{other}", ""));
    }
  }

  private PodTopology.Member member(RunningProcess p) {
    Pod.Container container = names.container(p);
    String shortId = p.container().substring(0, Math.min(12, p.container().length()));
    return new PodTopology.Member(
        "p" + p.tgid(),
        p.tgid(),
        p.name(),
        p.executable(),
        p.kind().name().toLowerCase(Locale.ROOT),
        p.kind().isSidecar() || container != null && container.sidecar(),
        container == null ? shortId : container.name(),
        p.ended());
  }

  /** It owned a socket and ended before anybody looked. */
  private static PodTopology.Member unnamed(String id, ProcessRef p) {
    String name = p.tgid() == 0 ? "(no process yet)" : "(ended)";
    return new PodTopology.Member(id, p.tgid(), name, "", "app", false, "", true);
  }

  private PodTopology.Peer peer(String id, Party.Outside outside) {
    PodName pod = names.at(outside.address());
    String name = "";
    String workload = "";
    if (pod != null && !pod.source().equals(PodNames.ADDRESS)) {
      name = pod.namespace() + "/" + pod.name();
      workload = pod.workload();
    }
    Endpoint address = outside.address();
    return new PodTopology.Peer(id, address.ip(), address.port(), name, workload);
  }

  private static PodTopology.Link link(Line line) {
    return new PodTopology.Link(
        line.key.id(),
        line.key.client().id(),
        line.key.server().id(),
        line.protocol(),
        List.copyOf(line.serverPorts),
        List.copyOf(line.serverNames),
        line.client.table(),
        line.server.table(),
        http(line));
  }

  private static HttpTable http(Line line) {
    HttpTable served = line.server.requests.table();
    return served.isEmpty() ? line.client.requests.table() : served;
  }

  private static long bytes(PodTopology.Link l) {
    return l.client().read().bytes()
        + l.client().write().bytes()
        + l.server().read().bytes()
        + l.server().write().bytes();
  }
}
