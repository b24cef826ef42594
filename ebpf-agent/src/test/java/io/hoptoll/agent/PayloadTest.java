package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Switched off, the probes have no way to copy payload: the call is not in what the kernel runs.
 */
@Tag("bpf")
class PayloadTest {
  /** Helpers that copy from user memory (bpf-helpers(7)), as {@code /proc/kallsyms} names them. */
  private static final List<String> COPIES =
      List.of(
          "bpf_probe_read_user",
          "bpf_probe_read_user_str",
          "bpf_probe_read_compat",
          "bpf_probe_read_compat_str",
          "bpf_copy_from_user",
          "bpf_copy_from_user_task");

  private static final int CALL = 0x85; // BPF_JMP | BPF_CALL; of a helper where src_reg is 0
  private final AgentConfig config = TestHooks.config();

  @BeforeEach
  void needsLibbpf() {
    Readiness readiness = SocketAgent.check(TestHooks.WANTED);
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
  }

  @Test
  void offHasNoCallThatCopiesUserMemory() throws Exception {
    assertEquals(0, copies(config.with(Payload.OFF)));
  }

  @Test
  void theSameCountFindsTheCallsOfProtocol() throws Exception {
    assertTrue(copies(config.with(Payload.PROTOCOL)) > 0);
  }

  /** In the programs of the set that the agent takes here. */
  private static long copies(AgentConfig config) throws Exception {
    String taken;
    try (Probes probes = Probes.start(config)) {
      taken = probes.hooks().name();
    }
    try (KernelTypes kernel = KernelTypes.load()) {
      HookSet hooks =
          HookSet.candidates(kernel, config.hooks()).stream()
              .filter(h -> h.name().equals(taken))
              .findFirst()
              .orElseThrow();
      BpfObject object =
          BpfObject.load(hooks.object(), o -> Probes.prepare(o, config, kernel, hooks));
      try {
        List<Integer> calls = object.instructions().stream().flatMap(PayloadTest::helpers).toList();
        assertTrue(
            calls.stream().anyMatch(c -> c != 0), "the kernel hides the addresses of its helpers");
        List<Integer> forbidden = helperNumbers();
        return calls.stream().filter(forbidden::contains).count();
      } finally {
        object.close();
      }
    }
  }

  /** Each call of a helper in linked instructions: its distance from {@code __bpf_call_base}. */
  private static Stream<Integer> helpers(byte[] code) {
    ByteBuffer b = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
    return Stream.iterate(0, at -> at < code.length, at -> at + 8)
        .filter(at -> (b.get(at) & 0xff) == CALL && (b.get(at + 1) & 0xf0) == 0)
        .map(at -> b.getInt(at + 4));
  }

  private static List<Integer> helperNumbers() throws Exception {
    List<String> symbols = Files.readAllLines(Path.of("/proc/kallsyms"));
    long base = address(symbols, "__bpf_call_base").orElseThrow();
    List<Integer> found =
        COPIES.stream()
            .flatMap(name -> address(symbols, name).stream())
            .map(a -> (int) (a - base))
            .toList();
    assertTrue(!found.isEmpty(), "no such helper in /proc/kallsyms");
    return found;
  }

  private static Optional<Long> address(List<String> symbols, String name) {
    return symbols.stream()
        .map(line -> line.split(" "))
        .filter(part -> part.length == 3 && part[2].equals(name))
        .map(part -> Long.parseUnsignedLong(part[0], 16))
        .findFirst();
  }
}
