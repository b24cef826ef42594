package io.hoptoll.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The parts of an open 64-bit little-endian ELF file: elf(5). What it claims is not trusted. */
final class ElfReader implements AutoCloseable {
  private static final int MAGIC = 0x464c457f;
  private static final int CLASS_64_LITTLE_ENDIAN = 0x0102;
  private static final int HEADER = 64;
  private static final int SECTION = 64;
  private static final int SEGMENT = 56;
  private static final int LOADED = 1;

  /** A file that claims more of a kind than these is not read: 24 MiB of a million symbols. */
  private static final int MAX_PARTS = 4_096;

  private static final int MAX_TABLE = 64 << 20;

  record Section(String name, int type, long address, long at, long size, int link) {}

  private record Segment(long at, long address, long size) {}

  private final FileChannel file;
  private final boolean known;
  private final int machine;
  private final List<Section> sections;
  private final List<Segment> segments;

  ElfReader(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.READ);
    try {
      ByteBuffer header = bytes(0, HEADER);
      known = header.getInt(0) == MAGIC && header.getShort(4) == CLASS_64_LITTLE_ENDIAN;
      machine = Short.toUnsignedInt(header.getShort(18));
      sections = known ? readSections(header) : List.of();
      segments = known ? readSegments(header) : List.of();
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** e_machine: 62 x86-64, 183 arm64. */
  int machine() {
    return machine;
  }

  /** In the file's order; none of a file that is no such ELF. */
  List<Section> sections() {
    return sections;
  }

  Optional<Section> section(String name) {
    return sections.stream().filter(s -> s.name().equals(name)).findFirst();
  }

  private List<Section> readSections(ByteBuffer header) throws IOException {
    int count = Math.min(MAX_PARTS, Short.toUnsignedInt(header.getShort(60)));
    ByteBuffer b = bytes(header.getLong(40), (long) count * SECTION);
    int named = Short.toUnsignedInt(header.getShort(62));
    byte[] names = named < count ? names(b, named * SECTION) : new byte[0];
    List<Section> all = new ArrayList<>();
    for (int at = 0; at < count * SECTION; at += SECTION) {
      all.add(
          new Section(
              name(names, b.getInt(at)),
              b.getInt(at + 4),
              b.getLong(at + 16),
              b.getLong(at + 24),
              b.getLong(at + 32),
              b.getInt(at + 40)));
    }
    return all;
  }

  private byte[] names(ByteBuffer sections, int at) throws IOException {
    return bytes(sections.getLong(at + 24), sections.getLong(at + 32)).array();
  }

  private static String name(byte[] names, int at) {
    int end = at;
    while (end >= 0 && end < names.length && names[end] != 0) {
      end++;
    }
    return at >= 0 && at < end ? new String(names, at, end - at, StandardCharsets.US_ASCII) : "";
  }

  private List<Segment> readSegments(ByteBuffer header) throws IOException {
    int count = Math.min(MAX_PARTS, Short.toUnsignedInt(header.getShort(56)));
    ByteBuffer b = bytes(header.getLong(32), (long) count * SEGMENT);
    List<Segment> all = new ArrayList<>();
    for (int at = 0; at < count * SEGMENT; at += SEGMENT) {
      if (b.getInt(at) == LOADED) {
        all.add(new Segment(b.getLong(at + 8), b.getLong(at + 16), b.getLong(at + 32)));
      }
    }
    return all;
  }

  /** Where in the file the byte is that is at this address in memory. */
  OptionalLong inFile(long address) {
    return segments.stream()
        .filter(s -> address >= s.address() && address < s.address() + s.size())
        .mapToLong(s -> address - s.address() + s.at())
        .findFirst();
  }

  ByteBuffer bytes(Section s) throws IOException {
    return bytes(s.at(), s.size());
  }

  ByteBuffer bytes(long at, long size) throws IOException {
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

  @Override
  public void close() throws IOException {
    file.close();
  }
}
