package io.hoptoll.agent;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.NetworkNamespace;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Finds network namespaces and their local addresses, with nothing but {@code /proc}: {@code
 * PID/ns/net} names the namespace, {@code PID/net/fib_trie} and {@code PID/net/if_inet6} its
 * addresses. Processes come and go while it looks; what vanished is left out.
 */
final class NetworkNamespaces {
  private static final int MAX = 10_000;

  private final Path proc;
  private final String node;
  private final Map<Long, List<Endpoint>> known = new HashMap<>();

  NetworkNamespaces(Path proc, String node) {
    this.proc = proc;
    this.node = node;
  }

  /** The namespace of each process that runs now. */
  Map<Integer, Long> netnsByPid() throws IOException {
    Map<Integer, Long> all = new HashMap<>();
    try (DirectoryStream<Path> pids = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path pid : pids) {
        long inode = inode(pid);
        if (inode != 0) {
          all.put(Integer.parseInt(pid.getFileName().toString()), inode);
        }
      }
    }
    return all;
  }

  /** Namespaces that are new, changed, or (without addresses) gone since the last call. */
  List<NetworkNamespace> changes(Map<Integer, Long> netnsByPid) {
    Map<Long, Path> found = new HashMap<>();
    netnsByPid.forEach(
        (pid, inode) -> {
          if (found.size() < MAX) {
            found.putIfAbsent(inode, proc.resolve(Integer.toString(pid)));
          }
        });
    List<NetworkNamespace> changed = new ArrayList<>();
    for (long inode : List.copyOf(known.keySet())) {
      if (!found.containsKey(inode)) {
        known.remove(inode);
        changed.add(new NetworkNamespace(node, inode, List.of()));
      }
    }
    found.forEach(
        (inode, pid) -> {
          List<Endpoint> addresses = addresses(pid);
          if (!addresses.isEmpty() && !addresses.equals(known.put(inode, addresses))) {
            changed.add(new NetworkNamespace(node, inode, addresses));
          }
        });
    return changed;
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
