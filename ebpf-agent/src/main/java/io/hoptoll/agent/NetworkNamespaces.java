package io.hoptoll.agent;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds network namespaces and their local addresses, with nothing but {@code /proc}: {@code
 * PID/ns/net} names the namespace, {@code PID/net/fib_trie} and {@code PID/net/if_inet6} its
 * addresses. Processes come and go while it looks; what vanished is left out. A look a second costs
 * little: what has settled is read again only each tenth time, each in another look.
 */
final class NetworkNamespaces {
  private static final int MAX = 10_000;

  /** A runtime's process enters its pod's namespace after its start. */
  private static final int LOOKS_UNTIL_SETTLED = 5;

  private static final int LOOKS_UNTIL_REREAD = 10;

  /** How often a process or namespace was looked at, and what was read last. */
  private static final class Seen<T> {
    final int spread;
    T value;
    int looks;

    Seen(long spread, T none) {
      this.spread = (int) (spread % LOOKS_UNTIL_REREAD);
      this.value = none;
    }

    /** Whether this look reads. */
    boolean isDue(boolean settled) {
      looks++;
      return !settled || looks <= LOOKS_UNTIL_SETTLED || (looks + spread) % LOOKS_UNTIL_REREAD == 0;
    }
  }

  private final Path proc;
  private final String node;
  private final Map<Long, Seen<List<Endpoint>>> known = new HashMap<>();
  private Map<Integer, Seen<Long>> processes = new HashMap<>();
  private Map<Integer, Long> before = Map.of();
  private Set<Long> gone = Set.of();

  NetworkNamespaces(Path proc, String node) {
    this.proc = proc;
    this.node = node;
  }

  /** The namespace of each process that runs now. */
  Map<Integer, Long> netnsByPid() throws IOException {
    String[] names = proc.toFile().list();
    if (names == null) {
      throw new IOException(proc + " cannot be read");
    }
    Map<Integer, Long> all = new HashMap<>();
    Map<Integer, Seen<Long>> now = new HashMap<>();
    for (String name : names) {
      if (Character.isDigit(name.charAt(0))) {
        int pid = Integer.parseInt(name);
        Seen<Long> before = processes.get(pid);
        Seen<Long> process = before == null ? new Seen<>(pid, 0L) : before;
        if (process.isDue(true)) {
          process.value = inode(proc.resolve(name));
        }
        now.put(pid, process);
        if (process.value != 0) {
          all.put(pid, process.value);
        }
      }
    }
    processes = now;
    return all;
  }

  /**
   * Namespaces that are new, changed, or (without addresses) gone since the last call. One that has
   * none of its processes of the last call is gone, too: the kernel gives free numbers away again,
   * the lowest first.
   */
  List<NetworkNamespace> changes(Map<Integer, Long> netnsByPid) {
    Map<Long, Integer> found = new HashMap<>();
    netnsByPid.forEach(
        (pid, inode) -> {
          if (found.size() < MAX) {
            found.putIfAbsent(inode, pid);
          }
        });
    List<NetworkNamespace> changed = new ArrayList<>();
    gone = new HashSet<>(known.keySet());
    gone.removeAll(lasting(netnsByPid));
    for (long inode : gone) {
      Seen<List<Endpoint>> last = known.remove(inode);
      if (last != null && !last.value.isEmpty()) {
        changed.add(new NetworkNamespace(node, inode, List.of()));
      }
    }
    before = netnsByPid;
    found.forEach(
        (inode, pid) -> {
          Seen<List<Endpoint>> namespace =
              known.computeIfAbsent(inode, i -> new Seen<>(i, List.of()));
          if (namespace.isDue(hasOutside(namespace.value))) {
            Path process = proc.resolve(Integer.toString(pid));
            List<Endpoint> addresses = addresses(process);
            // it may have moved since: then they are another namespace's
            if (inode(process) == inode
                && !addresses.isEmpty()
                && !addresses.equals(namespace.value)) {
              namespace.value = addresses;
              changed.add(new NetworkNamespace(node, inode, addresses));
            }
          }
        });
    return changed;
  }

  /** Those of processes that were there at the last call already. */
  private Set<Long> lasting(Map<Integer, Long> netnsByPid) {
    Set<Long> all = new HashSet<>();
    netnsByPid.forEach(
        (pid, inode) -> {
          if (inode.equals(before.get(pid))) {
            all.add(inode);
          }
        });
    return all;
  }

  /** Gone by the last call of {@link #changes}; also those without addresses. */
  Set<Long> gone() {
    return Set.copyOf(gone);
  }

  /** Until it has, its pod is being made. */
  private static boolean hasOutside(List<Endpoint> addresses) {
    return addresses.stream().anyMatch(a -> !a.isLoopback());
  }

  /** Of a process, by its directory; 0 where it ended. */
  static long inode(Path pid) {
    try {
      String link = Files.readSymbolicLink(pid.resolve("ns/net")).toString();
      return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }

  private static List<Endpoint> addresses(Path pid) {
    List<Endpoint> all = new ArrayList<>();
    try {
      all.addAll(localIpv4(Files.readAllLines(pid.resolve("net/fib_trie"))));
    } catch (IOException e) {
      return all; // the process ended
    }
    try {
      for (String line : Files.readAllLines(pid.resolve("net/if_inet6"))) {
        all.add(Endpoint.ofBytes(HexFormat.of().parseHex(line.substring(0, 32)), 0));
      }
    } catch (IOException e) {
      // no IPv6 in this kernel or namespace
    }
    return all.stream().distinct().sorted(java.util.Comparator.comparing(Endpoint::ip)).toList();
  }

  /** Leaves marked "/32 host LOCAL"; the address stands in the line before. */
  static List<Endpoint> localIpv4(List<String> fibTrie) {
    List<Endpoint> local = new ArrayList<>();
    String address = "";
    for (String line : fibTrie) {
      int leaf = line.indexOf("|-- ");
      if (leaf >= 0) {
        address = line.substring(leaf + 4).strip();
      } else if (line.contains("/32 host LOCAL")) {
        local.add(Endpoint.parse(address, 0));
      }
    }
    return local;
  }
}
