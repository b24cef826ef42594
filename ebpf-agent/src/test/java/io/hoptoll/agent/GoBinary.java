package io.hoptoll.agent;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The parts of an ELF file that Go's linker writes and {@link GoProgram} reads: as elf(5) and Go's
 * src/runtime/symtab.go have them. Each of its functions grows its stack at the end.
 */
final class GoBinary {
  /** Bytes of each function's code. */
  static final int FUNCTION = 64;

  private static final int TEXT = 0x1000;
  private static final int SECTIONS = 5;
  private static final List<String> NAMES =
      List.of("", ".text", ".go.buildinfo", ".gopclntab", ".shstrtab");

  int machine = 62;
  int kind = 0xfffffff1;
  int unit = 1;

  /** Code of C in front. */
  int before;

  byte[] nop = {(byte) 0x90};
  byte[] returns = {(byte) 0xc3};
  List<String> functions = List.of(GoProgram.READ, GoProgram.WRITE);

  Path write(Path file) throws IOException {
    return Files.write(file, bytes());
  }

  byte[] bytes() throws IOException {
    byte[] code = code();
    byte[] table = table();
    byte[] names = (String.join("\0", NAMES) + "\0").getBytes(US_ASCII);
    int tableAt = TEXT + code.length;
    int namesAt = tableAt + table.length;
    int sectionsAt = namesAt + names.length;
    ByteBuffer b = buffer(sectionsAt + SECTIONS * 64);
    b.putInt(0, 0x464c457f).putShort(4, (short) 0x0102).putShort(18, (short) machine);
    b.putLong(32, 64).putShort(56, (short) 1); // one segment: file and memory are the same
    b.putInt(64, 1).putLong(96, b.limit());
    b.putLong(40, sectionsAt).putShort(60, (short) SECTIONS).putShort(62, (short) 4);
    b.put(TEXT, code).put(tableAt, table).put(namesAt, names);
    section(b, sectionsAt, 1, TEXT, code.length);
    section(b, sectionsAt, 2, TEXT, 0);
    section(b, sectionsAt, 3, tableAt, table.length);
    section(b, sectionsAt, 4, namesAt, names.length);
    return b.array();
  }

  private static void section(ByteBuffer b, int sections, int index, int at, int size) {
    int section = sections + index * 64;
    String before = String.join("\0", NAMES.subList(0, index));
    b.putInt(section, before.length() + 1).putInt(section + 4, 1);
    b.putLong(section + 16, at).putLong(section + 24, at).putLong(section + 32, size);
  }

  /** Where the function that is there in this place has its frame, and where it returns. */
  GoProgram.Call call(int index) {
    long at = TEXT + before + (long) index * FUNCTION;
    return new GoProgram.Call(functions.get(index), at + 8, List.of(at + 24, at + 40 + nop.length));
  }

  private byte[] code() {
    ByteBuffer b = buffer(before + functions.size() * FUNCTION);
    for (int i = 0; i < functions.size(); i++) {
      int at = before + i * FUNCTION;
      b.put(at + 24, returns).put(at + 40, nop).put(at + 40 + nop.length, returns);
    }
    return b.array();
  }

  /** pcHeader, names, stack steps, functions by their begin and place, and each function. */
  private byte[] table() throws IOException {
    byte[] names = ("\0" + String.join("\0", functions) + "\0").getBytes(US_ASCII);
    byte[] steps = steps();
    int stepsAt = 72 + names.length;
    int functionsAt = stepsAt + steps.length;
    int index = functions.size() * 8;
    ByteBuffer b = buffer(functionsAt + index + functions.size() * 44);
    b.putInt(0, kind).put(6, (byte) unit).put(7, (byte) 8).putLong(8, functions.size());
    b.putLong(32, 72).putLong(40, stepsAt).putLong(56, stepsAt).putLong(64, functionsAt);
    b.put(72, names).put(stepsAt, steps);
    int name = 1;
    for (int i = 0; i < functions.size(); i++) {
      int function = index + i * 44;
      b.putInt(functionsAt + i * 8, i * FUNCTION).putInt(functionsAt + i * 8 + 4, function);
      b.putInt(functionsAt + function, i * FUNCTION).putInt(functionsAt + function + 4, name);
      b.putInt(functionsAt + function + 16, 1);
      name += functions.get(i).length() + 1;
    }
    return b.array();
  }

  /** Without a frame to 8, with one to 24; returns to 28; with one to 40; returns to the end. */
  private byte[] steps() throws IOException {
    ByteArrayOutputStream b = new ByteArrayOutputStream();
    b.write(0); // a place of 0 says: none
    b.write(new byte[] {2, units(8), 64, units(16), 63, units(4), 64, units(12), 63, units(24), 0});
    return b.toByteArray();
  }

  private byte units(int bytes) {
    return (byte) (bytes / unit);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
