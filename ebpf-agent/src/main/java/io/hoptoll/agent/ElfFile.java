package io.hoptoll.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a 64-bit little-endian ELF file says of itself: elf(5).
 *
 * @param functions where the code of those asked for begins in the file, by name; of those exported
 *     or, in a file that was not stripped, internal
 * @param go what it has of Go's own TLS
 */
record ElfFile(Map<String, Long> functions, GoProgram go) {
  private static final int SYMBOL = 24;
  private static final int TYPE_SYMBOLS = 2;
  private static final int TYPE_EXPORTED = 11;
  private static final int FUNCTION = 2;

  /** Looks for these functions; a file that is no such ELF has none. */
  static ElfFile read(Path path, Set<String> wanted) throws IOException {
    try (ElfReader elf = new ElfReader(path)) {
      List<ElfReader.Section> sections = elf.sections();
      Map<String, Long> addresses = new HashMap<>();
      for (int type : new int[] {TYPE_EXPORTED, TYPE_SYMBOLS}) {
        for (ElfReader.Section s : sections) {
          if (s.type() == type && s.link() < sections.size() && addresses.isEmpty()) {
            find(elf.bytes(s), elf.bytes(sections.get(s.link())), wanted, addresses);
          }
        }
      }
      return new ElfFile(inFile(elf, addresses), GoProgram.read(elf));
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new IOException("no sound ELF file: " + e.getMessage(), e);
    }
  }

  private static void find(
      ByteBuffer symbols, ByteBuffer names, Set<String> wanted, Map<String, Long> found) {
    for (int at = 0; at + SYMBOL <= symbols.limit(); at += SYMBOL) {
      boolean isDefined = symbols.getShort(at + 6) != 0;
      if (isDefined && (symbols.get(at + 4) & 15) == FUNCTION) {
        int name = symbols.getInt(at);
        for (String one : wanted) {
          if (isAt(names, name, one)) {
            found.put(one, symbols.getLong(at + 8));
          }
        }
      }
    }
  }

  private static boolean isAt(ByteBuffer names, int at, String name) {
    if (at < 0 || at + name.length() >= names.limit() || names.get(at + name.length()) != 0) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (names.get(at + i) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, Long> inFile(ElfReader elf, Map<String, Long> addresses) {
    Map<String, Long> offsets = new HashMap<>();
    addresses.forEach(
        (name, address) -> elf.inFile(address).ifPresent(at -> offsets.put(name, at)));
    return Map.copyOf(offsets);
  }
}
