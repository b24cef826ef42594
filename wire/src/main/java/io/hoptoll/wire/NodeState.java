package io.hoptoll.wire;

import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.Pod;
import io.hoptoll.model.PodSink;
import io.hoptoll.model.RunningProcess;
import io.hoptoll.model.SocketSink;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is on a node now, as it was told: namespaces, processes, pods. The agent tells it again to a
 * server that does not know it; the server tells its end when the agent cannot. Not thread-safe.
 */
final class NodeState {
  private record PodKey(String namespace, String name) {}

  private final Map<Object, Record> known = new LinkedHashMap<>();

  /** Not told again since {@link #expectAll}. */
  private final Set<Object> unconfirmed = new HashSet<>();

  private long leftOut;

  void namespace(NetworkNamespace ns) {
    put(ns.netns(), ns, ns.addresses().isEmpty());
  }

  void running(RunningProcess p) {
    put(p.tgid(), p, p.ended());
  }

  void pod(Pod pod) {
    put(new PodKey(pod.namespace(), pod.name()), pod, pod.gone());
  }

  /** The keys of a namespace (Long) and a process (Integer) differ by their type. */
  private void put(Object key, Record record, boolean isEnd) {
    unconfirmed.remove(key);
    if (isEnd) {
      known.remove(key);
    } else if (known.containsKey(key) || known.size() < Limits.STATE_RECORDS) {
      known.put(key, record);
    } else {
      leftOut++;
    }
  }

  int size() {
    return known.size();
  }

  /** Records beyond {@link Limits#STATE_RECORDS}: not told again. */
  long leftOut() {
    return leftOut;
  }

  /** Tells all of it: a copy, so that the caller may do so without a lock. */
  List<Record> all() {
    return List.copyOf(known.values());
  }

  /** From now on all is expected to be told again. */
  void expectAll() {
    unconfirmed.clear();
    unconfirmed.addAll(known.keySet());
  }

  /** Tells the end of what was not told again. */
  void endUnconfirmed(SocketSink sockets, PodSink pods) {
    for (Object key : unconfirmed) {
      Record record = known.remove(key);
      if (record != null) {
        end(record, sockets, pods);
      }
    }
    unconfirmed.clear();
  }

  /** Tells the end of everything. */
  void endAll(SocketSink sockets, PodSink pods) {
    expectAll();
    endUnconfirmed(sockets, pods);
  }

  static void tell(Record record, SocketSink sockets, PodSink pods) {
    if (record instanceof NetworkNamespace ns) {
      sockets.namespace(ns);
    } else if (record instanceof RunningProcess p) {
      sockets.running(p);
    } else {
      pods.pod((Pod) record);
    }
  }

  private static void end(Record record, SocketSink sockets, PodSink pods) {
    if (record instanceof NetworkNamespace ns) {
      sockets.namespace(new NetworkNamespace(ns.node(), ns.netns(), List.of()));
    } else if (record instanceof RunningProcess p) {
      sockets.running(
          new RunningProcess(
              p.node(),
              p.tgid(),
              p.startTicks(),
              p.netns(),
              p.nodeNetwork(),
              p.name(),
              p.executable(),
              p.container(),
              p.podUid(),
              true));
    } else {
      Pod p = (Pod) record;
      pods.pod(
          new Pod(
              p.namespace(),
              p.name(),
              p.uid(),
              p.workload(),
              p.addresses(),
              p.hostNetwork(),
              p.containers(),
              true));
    }
  }
}
