package io.hoptoll.agent;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a processor's code returns, after the frame was given back: what the compiler puts between is
 * a NOP (where an inlined call ended). No instruction before is decoded: {@link GoTable} has their
 * bounds.
 */
enum GoReturns {
  X86_64(62, 1, 0x90, 0xc3),
  AARCH64(183, 4, 0xd503201f, 0xd65f03c0);

  /** Before a return: one for each inlined call that ended there. */
  private static final int MAX_NOPS = 16;

  private final int machine;
  private final int size;
  private final int nop;
  private final int returns;

  /**
   * @param machine e_machine of elf(5)
   * @param size of both instructions
   */
  GoReturns(int machine, int size, int nop, int returns) {
    this.machine = machine;
    this.size = size;
    this.nop = nop;
    this.returns = returns;
  }

  static @Nullable GoReturns of(int machine) {
    for (GoReturns each : values()) {
      if (each.machine == machine) {
        return each;
      }
    }
    return null;
  }

  /**
   * The calls of these functions by their places in the code.
   *
   * @param begin where in it their offsets count from
   * @return null where it is not the code of these functions
   */
  @Nullable List<GoProgram.Call> calls(
      ByteBuffer code, long begin, Collection<GoTable.Function> functions) {
    List<GoProgram.Call> calls = new ArrayList<>();
    for (GoTable.Function f : functions) {
      List<Long> places = places(code, begin, f.unframed());
      if (places.isEmpty() || f.framed() < 0) {
        return null;
      }
      calls.add(new GoProgram.Call(f.name(), begin + f.framed(), places));
    }
    return calls;
  }

  /** Each is a return; the last may be what grows the stack, which stands behind all. */
  private List<Long> places(ByteBuffer code, long begin, List<GoTable.Span> spans) {
    List<Long> places = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      long at = place(code, begin + spans.get(i).from(), begin + spans.get(i).to());
      if (at >= 0) {
        places.add(at);
      } else if (i < spans.size() - 1) {
        return List.of();
      }
    }
    return places;
  }

  private long place(ByteBuffer code, long from, long to) {
    long end = Math.min(Math.min(to, from + (MAX_NOPS + 1L) * size), code.limit());
    for (long at = from; at + size <= end; at += size) {
      int instruction = size == 1 ? code.get((int) at) & 0xff : code.getInt((int) at);
      if (instruction != nop) {
        return instruction == returns ? at : -1;
      }
    }
    return -1;
  }
}
