package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each processor has its objects; their records are the same, their registers are not. */
class ArchitectureTest {
  private static final int BPF_MACHINE = 247; // EM_BPF, elf.h

  @ParameterizedTest
  @ValueSource(strings = {"exchange", "exchange_probed", "loss", "plaintext", "runqueue"})
  void everyObjectIsBuiltForEachProcessor(String name) throws IOException {
    for (Architecture each : Architecture.values()) {
      ByteBuffer elf = ByteBuffer.wrap(read(each.resource(name))).order(ByteOrder.LITTLE_ENDIAN);
      assertEquals(BPF_MACHINE, elf.getShort(18), each::toString);
    }
  }

  @Tag("bpf")
  @ParameterizedTest
  @EnumSource
  void theRecordsAreTheAgentsOnEachProcessor(Architecture each) throws AgentException {
    Readiness readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    for (String name : new String[] {"exchange", "exchange_probed"}) {
      BpfObject.inspect(each.resource(name), RecordLayout::check);
    }
    BpfObject.inspect(each.resource("loss"), LossLayout::check);
    BpfObject.inspect(each.resource("plaintext"), RecordLayout::checkPlaintext);
  }

  /** The typed hooks ask the saved registers of a system call, by their names in the kernel. */
  @Test
  void theRegistersAreTheProcessors() throws IOException {
    String intel = text(read(Architecture.X86_64.resource("exchange")));
    String arm = text(read(Architecture.AARCH64.resource("exchange")));
    assertTrue(intel.contains("orig_ax") && !intel.contains("syscallno"));
    assertTrue(arm.contains("syscallno") && !arm.contains("orig_ax"));
    assertFalse(
        Arrays.equals(
            read(Architecture.X86_64.resource("exchange_probed")),
            read(Architecture.AARCH64.resource("exchange_probed"))));
  }

  @Test
  void theObjectOfThisProcessorIsChosen() {
    assertTrue(Architecture.known());
    assertEquals(
        Architecture.jvm().equals("amd64") ? "/bpf/x86_64/loss.bpf.o" : "/bpf/aarch64/loss.bpf.o",
        Architecture.object("loss"));
  }

  private static String text(byte[] elf) {
    return new String(elf, StandardCharsets.ISO_8859_1);
  }

  private static byte[] read(String resource) throws IOException {
    try (InputStream in = ArchitectureTest.class.getResourceAsStream(resource)) {
      return Objects.requireNonNull(in, resource).readAllBytes();
    }
  }
}
