package io.hoptoll.agent;

import io.hoptoll.model.Latest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Kernel addresses → {@code function+0xoffset}, from {@code /proc/kallsyms} (proc(5)). A pass over
 * that file takes some 50 ms, so addresses are looked up together and remembered; the few places
 * that free packets soon are. One thread.
 */
final class KernelSymbols {
  /** Places remembered; the least recently used goes first. */
  private static final int MAX = 512;

  /** Further from a symbol than any function is long: the address is of a module just unloaded. */
  private static final long MAX_OFFSET = 1 << 20;

  private record Symbol(long address, String name) {}

  private final Path kallsyms;
  private final Map<Long, String> known = Latest.used(MAX);

  KernelSymbols(Path kallsyms) {
    this.kallsyms = kallsyms;
  }

  /** Makes these addresses known, with one pass at most. */
  void prepare(Collection<Long> addresses) {
    Map<Long, Symbol> nearest = new HashMap<>();
    for (long address : addresses) {
      if (!known.containsKey(address) && nearest.size() < MAX) {
        nearest.put(address, new Symbol(0, ""));
      }
    }
    if (nearest.isEmpty()) {
      return;
    }
    try (BufferedReader lines = Files.newBufferedReader(kallsyms)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        consider(line, nearest);
      }
    } catch (IOException e) {
      // without the file the address itself is the name
    }
    nearest.forEach((address, symbol) -> known.put(address, name(address, symbol)));
  }

  String name(long address) {
    String name = known.get(address);
    return name == null ? hex(address) : name;
  }

  /** A line is "ffffffff81000000 T name" and "\t[module]" where it has one. */
  private static void consider(String line, Map<Long, Symbol> nearest) {
    int space = line.indexOf(' ');
    if (space < 0 || line.length() < space + 4 || "tTwW".indexOf(line.charAt(space + 1)) < 0) {
      return;
    }
    long at = Long.parseUnsignedLong(line, 0, space, 16);
    for (Map.Entry<Long, Symbol> e : nearest.entrySet()) {
      boolean before = Long.compareUnsigned(at, e.getKey()) <= 0;
      if (before && Long.compareUnsigned(at, e.getValue().address()) > 0) {
        int tab = line.indexOf('\t', space);
        e.setValue(new Symbol(at, line.substring(space + 3, tab < 0 ? line.length() : tab)));
      }
    }
  }

  private static String name(long address, Symbol symbol) {
    long offset = address - symbol.address();
    boolean near = symbol.address() != 0 && offset >= 0 && offset < MAX_OFFSET;
    return near ? symbol.name() + "+0x" + Long.toHexString(offset) : hex(address);
  }

  private static String hex(long address) {
    return "0x" + Long.toHexString(address);
  }
}
