package io.hoptoll.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The table by which a Go program's runtime walks stacks: {@code .gopclntab}, there in stripped
 * programs too. It says of each instruction how much of the stack its function holds, so that the
 * places are known where a call has its frame, and where it gave it back and returns. As of Go 1.18
 * and newer (src/runtime/symtab.go: pcHeader, _func, pcvalue; src/debug/gosym/pclntab.go).
 */
final class GoTable {
  /** Of a function of more places than these, or a longer table, nothing is believed. */
  private static final int MAX_SPANS = 128;

  private static final int MAX_STEPS = 64 << 10;

  private static final int PIECE = 256 << 10;

  /** Of the longest function that compilers make of crypto/tls, many times. */
  private static final int MAX_SPAN = 64 << 10;

  private static final int HEADER = 72;
  private static final int GO_1_2 = 0xfffffffb;
  private static final int GO_1_16 = 0xfffffffa;
  private static final int GO_1_18 = 0xfffffff0;
  private static final int GO_1_20 = 0xfffffff1;
  private static final int NAME = 4;
  private static final int STACK = 16;

  /**
   * Instructions without a frame that have some before them: a return, or what grows the stack.
   *
   * @param from first byte, as {@code to} from the begin of all code
   * @param to behind the last
   */
  record Span(long from, long to) {}

  /**
   * A function.
   *
   * @param framed its first instruction with a frame, from the begin of all code. Code before it
   *     may run again for the same call, on a larger stack; arguments are where they were
   */
  record Function(String name, long framed, List<Span> unframed) {
    long end() {
      return unframed.isEmpty() ? framed : unframed.get(unframed.size() - 1).to();
    }
  }

  /** The table is of a kind that is not read; the message says which. */
  static final class Unread extends Exception {
    private static final long serialVersionUID = 1;

    Unread(String why) {
      super(why);
    }
  }

  private final ElfReader elf;
  private final ElfReader.Section table;
  private final ByteBuffer header;

  GoTable(ElfReader elf, ElfReader.Section table) throws IOException, Unread {
    this.elf = elf;
    this.table = table;
    this.header = elf.bytes(table.at(), Math.min(HEADER, table.size()));
    int kind = header.limit() < HEADER ? 0 : header.getInt(0);
    switch (kind) {
      case GO_1_18, GO_1_20 -> {
        if (header.get(7) != Long.BYTES) {
          throw new Unread("its function table is not of a 64-bit program");
        }
      }
      case GO_1_2, GO_1_16 ->
          throw new Unread("it was built by Go 1.17 or older, which passes arguments otherwise");
      default -> throw new Unread("its function table is of a kind that is not known");
    }
  }

  /** Of those asked for, those there, by name. */
  Map<String, Function> functions(Set<String> wanted) throws IOException {
    Map<Integer, String> names = names(wanted);
    Map<String, Function> found = new HashMap<>();
    if (names.isEmpty()) {
      return found;
    }
    long at = header.getLong(64);
    long count = Math.min(header.getLong(8), (table.size() - at) / Long.BYTES);
    Pieces index = new Pieces();
    Pieces each = new Pieces(); // in the index's order, so that pieces follow one another
    for (long i = 0; i < count; i++) {
      long function = at + Integer.toUnsignedLong(index.word(at + i * Long.BYTES + Integer.BYTES));
      String name = names.get(each.word(function + NAME));
      if (name != null) {
        found.put(name, function(name, each.word(function), each.word(function + STACK)));
      }
    }
    return found;
  }

  /** The table is of tens of megabytes in large programs: one piece of it at a time. */
  private final class Pieces {
    private ByteBuffer piece = ByteBuffer.allocate(0);
    private long begin;

    int word(long at) throws IOException {
      if (at < begin || at + Integer.BYTES > begin + piece.limit()) {
        piece = part(at, Math.min(PIECE, table.size() - at));
        begin = at;
      }
      return piece.getInt((int) (at - begin));
    }
  }

  private ByteBuffer part(long at, long size) throws IOException {
    if (at < 0 || size < 0 || at + size > table.size()) {
      throw new IOException("Go's function table ends within a part");
    }
    return elf.bytes(table.at() + at, size);
  }

  /** Each name stands once, between two zeros. */
  private Map<Integer, String> names(Set<String> wanted) throws IOException {
    long at = header.getLong(32);
    byte[] all = part(at, header.getLong(40) - at).array();
    Map<Integer, String> names = new HashMap<>();
    for (String name : wanted) {
      int found = indexOf(all, ("\0" + name + "\0").getBytes(StandardCharsets.US_ASCII));
      if (found >= 0) {
        names.put(found + 1, name);
      }
    }
    return names;
  }

  private static int indexOf(byte[] all, byte[] what) {
    for (int at = 0; at + what.length <= all.length; at++) {
      int same = 0;
      while (same < what.length && all[at + same] == what[same]) {
        same++;
      }
      if (same == what.length) {
        return at;
      }
    }
    return -1;
  }

  /**
   * Pairs of varints: by how much the stack's use changes (zigzag), for how many instruction units
   * it stays so; a change of 0 ends them.
   */
  private Function function(String name, int entry, int stackAt) throws IOException {
    long at = header.getLong(56) + Integer.toUnsignedLong(stackAt);
    ByteBuffer steps = part(at, Math.min(MAX_STEPS, table.size() - at));
    List<Span> unframed = new ArrayList<>();
    long begin = Integer.toUnsignedLong(entry);
    long pc = begin;
    long framed = -1;
    int used = -1;
    for (int change = varint(steps); change != 0 || pc == begin; change = varint(steps)) {
      used += (change & 1) != 0 ? ~(change >>> 1) : change >>> 1;
      long from = pc;
      pc += (long) varint(steps) * header.get(6);
      if (used != 0 && framed < 0) {
        framed = from;
      } else if (used == 0 && framed >= 0) {
        unframed.add(new Span(from, pc));
      }
      if (unframed.size() > MAX_SPANS || pc == from || pc - from > MAX_SPAN) {
        throw new IOException("Go's function table is not sound");
      }
    }
    return new Function(name, framed, List.copyOf(unframed));
  }

  private static int varint(ByteBuffer b) {
    int value = 0;
    for (int shift = 0; shift < 32; shift += 7) {
      int next = b.get();
      value |= (next & 127) << shift;
      if (next >= 0) {
        break;
      }
    }
    return value;
  }
}
