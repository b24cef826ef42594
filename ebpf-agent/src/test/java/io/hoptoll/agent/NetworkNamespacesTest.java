package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Addresses out of written /proc files, as a pod shows them. */
class NetworkNamespacesTest {
  private static final List<String> FIB_TRIE =
      List.of(
          "Main:",
          "  +-- 0.0.0.0/0 3 0 5",
          "     |-- 0.0.0.0",
          "        /0 universe UNICAST",
          "     +-- 10.244.1.0/24 2 0 2",
          "        |-- 10.244.1.0",
          "           /24 link UNICAST",
          "        |-- 10.244.1.17",
          "           /32 host LOCAL",
          "        |-- 10.244.1.255",
          "           /32 link BROADCAST",
          "     +-- 127.0.0.0/8 2 0 2",
          "        +-- 127.0.0.0/31 1 0 0",
          "           |-- 127.0.0.0",
          "              /8 host LOCAL",
          "           |-- 127.0.0.1",
          "              /32 host LOCAL",
          "        |-- 127.255.255.255",
          "           /32 link BROADCAST");

  @TempDir Path proc;

  @Test
  void onlyHostAddressesAreLocal() {
    List<Endpoint> local = NetworkNamespaces.localIpv4(FIB_TRIE);
    assertEquals(List.of("10.244.1.17", "127.0.0.1"), local.stream().map(Endpoint::ip).toList());
  }

  @Test
  void anEmptyTrieHasNone() {
    assertTrue(NetworkNamespaces.localIpv4(List.of()).isEmpty());
  }

  @Test
  void aNamespaceIsToldOnceUntilItsAddressesChange() throws IOException {
    pid(17, 4026532001L);
    pid(19, 4026532001L);
    NetworkNamespaces namespaces = new NetworkNamespaces(proc, "node");
    List<NetworkNamespace> first = namespaces.changes(namespaces.netnsByPid());
    assertEquals(1, first.size());
    assertEquals(4026532001L, first.get(0).netns());
    assertEquals(
        List.of("10.244.1.17", "127.0.0.1"),
        first.get(0).addresses().stream().map(Endpoint::ip).toList());
    assertTrue(namespaces.changes(namespaces.netnsByPid()).isEmpty());
    for (int pid : new int[] {17, 19}) {
      Files.writeString(
          proc.resolve(pid + "/net/if_inet6"),
          "fd000000000000000000000000000011 02 40 00 80     eth0\n");
    }
    assertEquals(3, namespaces.changes(namespaces.netnsByPid()).get(0).addresses().size());
    assertEquals(
        List.of(new NetworkNamespace("node", 4026532001L, List.of())),
        namespaces.changes(Map.of()));
    assertTrue(namespaces.changes(Map.of()).isEmpty());
  }

  @Test
  void aNamespaceWithNoneOfItsProcessesLeftIsAnothersByNow() throws IOException {
    long inode = 4026532001L;
    pid(17, inode);
    pid(19, inode);
    NetworkNamespaces namespaces = new NetworkNamespaces(proc, "node");
    List<NetworkNamespace> first = namespaces.changes(Map.of(17, inode));
    assertTrue(namespaces.changes(Map.of(17, inode, 19, inode)).isEmpty(), "one more");
    assertTrue(namespaces.changes(Map.of(19, inode)).isEmpty(), "one less");
    assertEquals(Set.of(), namespaces.gone());
    List<NetworkNamespace> last = namespaces.changes(Map.of(17, inode));
    assertEquals(List.of(new NetworkNamespace("node", inode, List.of()), first.get(0)), last);
    assertEquals(Set.of(inode), namespaces.gone());
  }

  @Test
  void whatHasSettledIsReadAgainEachTenthLook() throws IOException {
    pid(17, 4026532001L);
    NetworkNamespaces namespaces = new NetworkNamespaces(proc, "node");
    looks(namespaces, 10);
    Path netns = proc.resolve("17/ns/net");
    Files.delete(netns);
    Files.createSymbolicLink(netns, Path.of("net:[4026532009]"));
    Set<Long> seen = new HashSet<>();
    int looks = 0;
    while (!seen.contains(4026532009L)) {
      seen.addAll(namespaces.netnsByPid().values());
      looks++;
    }
    assertTrue(looks > 1 && looks <= 10, looks + " looks");
    pid(19, 4026532003L);
    assertEquals(4026532003L, namespaces.netnsByPid().get(19), "a new one at once");
  }

  @Test
  void aNamespaceWithLoopbackAloneIsReadAtEachLook() throws IOException {
    pid(17, 4026532001L);
    assertEquals(2, addressesThatComeLate());
  }

  @Test
  void theLoopbackOfIpv6IsNoOtherAddress() throws IOException {
    pid(17, 4026532001L);
    Files.writeString(
        proc.resolve("17/net/if_inet6"), "00000000000000000000000000000001 01 80 10 80       lo\n");
    assertEquals(3, addressesThatComeLate());
  }

  /** How many are told at once when its first address beside loopback is there. */
  private int addressesThatComeLate() throws IOException {
    Path trie = proc.resolve("17/net/fib_trie");
    List<String> loopback =
        FIB_TRIE.subList(FIB_TRIE.indexOf("     +-- 127.0.0.0/8 2 0 2"), FIB_TRIE.size());
    Files.write(trie, loopback);
    NetworkNamespaces namespaces = new NetworkNamespaces(proc, "node");
    looks(namespaces, 30);
    Files.write(trie, FIB_TRIE);
    List<NetworkNamespace> changed = namespaces.changes(namespaces.netnsByPid());
    return changed.isEmpty() ? 0 : changed.get(0).addresses().size();
  }

  private static void looks(NetworkNamespaces namespaces, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      namespaces.changes(namespaces.netnsByPid());
    }
  }

  @Test
  void aProcessThatVanishedIsLeftOut() throws IOException {
    Files.createDirectories(proc.resolve("23"));
    NetworkNamespaces namespaces = new NetworkNamespaces(proc, "node");
    assertTrue(namespaces.changes(namespaces.netnsByPid()).isEmpty());
  }

  private void pid(int pid, long inode) throws IOException {
    Files.createDirectories(proc.resolve(pid + "/net"));
    Files.createDirectories(proc.resolve(pid + "/ns"));
    Files.createSymbolicLink(proc.resolve(pid + "/ns/net"), Path.of("net:[" + inode + "]"));
    Files.write(proc.resolve(pid + "/net/fib_trie"), FIB_TRIE);
  }
}
