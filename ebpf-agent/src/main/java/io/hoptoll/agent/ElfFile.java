package io.hoptoll.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a 64-bit little-endian ELF file says of itself: elf(5).
 *
 * @param functions where the code of those asked for begins in the file, by name; of those exported
 *     or, in a file that was not stripped, internal
 * @param isGo made by Go
 */
record ElfFile(Map<String, Long> functions, boolean isGo) {
  private static final ElfFile NONE = new ElfFile(Map.of(), false);
  private static final int MAGIC = 0x464c457f;
  private static final int CLASS_64_LITTLE_ENDIAN = 0x0102;
  private static final int HEADER = 64;
  private static final int SECTION = 64;
  private static final int SEGMENT = 56;
  private static final int SYMBOL = 24;
  private static final int TYPE_SYMBOLS = 2;
  private static final int TYPE_EXPORTED = 11;
  private static final int LOADED = 1;
  private static final int FUNCTION = 2;

  /** A file that claims more of a kind than these is not read: 24 MiB of a million symbols. */
  private static final int MAX_PARTS = 4_096;

  private static final int MAX_TABLE = 64 << 20;

  private record Section(int name, int type, long at, long size, int link) {}

  private record Segment(long at, long address, long size) {}

  /** Looks for these functions; a file that is no such ELF has none. */
  static ElfFile read(Path path, Set<String> wanted) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer header = bytes(file, 0, HEADER);
      if (header.getInt(0) != MAGIC || header.getShort(4) != CLASS_64_LITTLE_ENDIAN) {
        return NONE;
      }
      List<Section> sections = sections(file, header);
      Map<String, Long> addresses = new HashMap<>();
      for (int type : new int[] {TYPE_EXPORTED, TYPE_SYMBOLS}) {
        for (Section s : sections) {
          if (s.type() == type && s.link() < sections.size() && addresses.isEmpty()) {
            find(bytes(file, s), bytes(file, sections.get(s.link())), wanted, addresses);
          }
        }
      }
      return new ElfFile(inFile(segments(file, header), addresses), isGo(file, header, sections));
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new IOException("no sound ELF file: " + e.getMessage(), e);
    }
  }

  private static List<Section> sections(FileChannel file, ByteBuffer header) throws IOException {
    int count = Math.min(MAX_PARTS, Short.toUnsignedInt(header.getShort(60)));
    ByteBuffer b = bytes(file, header.getLong(40), count * SECTION);
    List<Section> all = new ArrayList<>();
    for (int at = 0; at < count * SECTION; at += SECTION) {
      all.add(
          new Section(
              b.getInt(at),
              b.getInt(at + 4),
              b.getLong(at + 24),
              b.getLong(at + 32),
              b.getInt(at + 40)));
    }
    return all;
  }

  private static List<Segment> segments(FileChannel file, ByteBuffer header) throws IOException {
    int count = Math.min(MAX_PARTS, Short.toUnsignedInt(header.getShort(56)));
    ByteBuffer b = bytes(file, header.getLong(32), count * SEGMENT);
    List<Segment> all = new ArrayList<>();
    for (int at = 0; at < count * SEGMENT; at += SEGMENT) {
      if (b.getInt(at) == LOADED) {
        all.add(new Segment(b.getLong(at + 8), b.getLong(at + 16), b.getLong(at + 32)));
      }
    }
    return all;
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

  private static Map<String, Long> inFile(List<Segment> segments, Map<String, Long> addresses) {
    Map<String, Long> offsets = new HashMap<>();
    addresses.forEach(
        (name, address) ->
            segments.stream()
                .filter(s -> address >= s.address() && address < s.address() + s.size())
                .findFirst()
                .ifPresent(s -> offsets.put(name, address - s.address() + s.at())));
    return Map.copyOf(offsets);
  }

  private static boolean isGo(FileChannel file, ByteBuffer header, List<Section> sections)
      throws IOException {
    int at = Short.toUnsignedInt(header.getShort(62));
    if (at >= sections.size()) {
      return false;
    }
    ByteBuffer names = bytes(file, sections.get(at));
    byte[] all = new byte[names.limit()];
    names.get(0, all);
    return new String(all, StandardCharsets.ISO_8859_1).contains(".go.buildinfo");
  }

  private static ByteBuffer bytes(FileChannel file, Section s) throws IOException {
    return bytes(file, s.at(), s.size());
  }

  private static ByteBuffer bytes(FileChannel file, long at, long size) throws IOException {
    if (at < 0 || size < 0 || size > MAX_TABLE || at + size > file.size()) {
      throw new IOException("a table of " + size + " bytes at " + at);
    }
    ByteBuffer b = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    while (b.hasRemaining()) {
      if (file.read(b, at + b.position()) < 0) {
        throw new IOException("it ends within a table");
      }
    }
    return b.flip();
  }
}
