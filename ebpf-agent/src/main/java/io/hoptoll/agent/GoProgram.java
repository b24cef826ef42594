package io.hoptoll.agent;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where in a Go program's file calls of crypto/tls begin and return. Of a return the place is
 * needed: a uretprobe writes its address onto the stack, which Go moves and walks.
 *
 * @param calls none where {@code why} says something, nor of a program that Go did not make
 */
record GoProgram(List<Call> calls, String why) {
  static final String READ = "crypto/tls.(*Conn).Read";
  static final String WRITE = "crypto/tls.(*Conn).Write";
  static final String SHAKE_AS_CLIENT = "crypto/tls.(*Conn).clientHandshake";
  static final String SHAKE_AS_SERVER = "crypto/tls.(*Conn).serverHandshake";

  /**
   * A function, by offsets in the file.
   *
   * @param begin reached once in each call, with the arguments where they were passed
   * @param returns its instructions that return
   */
  record Call(String function, long begin, List<Long> returns) {}

  private static final GoProgram NONE = new GoProgram(List.of(), "");
  private static final Set<String> NEEDED = Set.of(READ, WRITE);
  private static final Set<String> FUNCTIONS =
      Set.of(READ, WRITE, SHAKE_AS_CLIENT, SHAKE_AS_SERVER);

  /** Linkers align the begin of all Go code to a multiple of this. */
  private static final int ALIGNED = 16;

  /** What C code may stand before Go's: of object files linked later only what is rarely run. */
  private static final long MAX_BEFORE = 8 << 20;

  static GoProgram read(ElfReader elf) {
    if (elf.section(".go.buildinfo").isEmpty()) {
      return NONE;
    }
    try {
      Optional<ElfReader.Section> table =
          elf.section(".gopclntab").or(() -> elf.section(".data.rel.ro.gopclntab"));
      Optional<ElfReader.Section> text = elf.section(".text");
      GoReturns returns = GoReturns.of(elf.machine());
      if (table.isEmpty() || text.isEmpty() || returns == null) {
        return unread("it has no function table, or is for another processor");
      }
      Collection<GoTable.Function> found =
          new GoTable(elf, table.get()).functions(FUNCTIONS).values();
      if (!found.stream().map(GoTable.Function::name).toList().containsAll(NEEDED)) {
        return unread("it has no crypto/tls");
      }
      List<Call> calls = located(elf, text.get(), returns, found);
      return calls == null
          ? unread("its code and its function table differ")
          : new GoProgram(calls, "");
    } catch (GoTable.Unread e) {
      return unread(String.valueOf(e.getMessage()));
    } catch (IOException | IndexOutOfBoundsException | BufferUnderflowException e) {
      return unread("its function table cannot be read: " + e.getMessage());
    }
  }

  private static GoProgram unread(String why) {
    return new GoProgram(List.of(), why);
  }

  /**
   * The table counts from where all Go code begins, and does not say where that is (from Go 1.26,
   * or where the loader moves it). It is where all places that should return do: at the begin of
   * the section, or, with C linked in, behind some of C's.
   */
  private static @Nullable List<Call> located(
      ElfReader elf,
      ElfReader.Section text,
      GoReturns returns,
      Collection<GoTable.Function> functions)
      throws IOException {
    long first = functions.stream().mapToLong(GoTable.Function::framed).min().orElse(0);
    long end = functions.stream().mapToLong(GoTable.Function::end).max().orElse(0);
    long before = Math.min(MAX_BEFORE, text.size() - end);
    if (first < 0 || before < 0) {
      return null;
    }
    ByteBuffer code = elf.bytes(text.at() + first, before + end - first);
    for (int begin = 0; begin <= before; begin += ALIGNED) {
      List<Call> calls = returns.calls(code, begin - first, functions);
      if (calls != null) {
        long at = text.at() + first;
        return calls.stream().map(c -> moved(c, at)).toList();
      }
    }
    return null;
  }

  private static Call moved(Call c, long by) {
    return new Call(
        c.function(), c.begin() + by, c.returns().stream().map(each -> each + by).toList());
  }
}
