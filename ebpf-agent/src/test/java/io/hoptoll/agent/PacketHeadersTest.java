package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import jnr.ffi.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Headers of freed packets that cannot be read are counted (packet.test.bpf.c). */
@Tag("bpf")
class PacketHeadersTest {
  private static final int LOOK_BYTES = 20;
  private static final int IPV4 = 0x0800;
  private static final int IPV6 = 0x86dd;
  private static final int EFAULT = 14;

  private final Pointer look = Native.allocate(LOOK_BYTES);
  private BpfObject object;
  private ProbeFailures failures;

  @BeforeEach
  void load() throws AgentException {
    Readiness readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    object = BpfObject.load(Architecture.object("packet.test"), o -> {});
    failures = new ProbeFailures(object, "loss_failures", LossProbes.FAILURES);
  }

  @AfterEach
  void close() {
    if (object != null) {
      object.close();
    }
  }

  @Test
  void thoseThatAreThereAreReadAndNothingIsCounted() throws AgentException {
    look(IPV4, false);
    assertEquals(1, look.getInt(8));
    assertEquals(2, look.getInt(12), "a SYN");
    assertEquals(258 << 16 | 772, look.getInt(16));
    assertEquals(0L, failures.read().get("packet_headers"));
  }

  @Test
  void thoseThatAreNotThereAreCountedByErrno() throws AgentException {
    look(IPV4, true);
    assertEquals(0, look.getInt(8));
    look(IPV6, true);
    assertEquals(0, look.getInt(8));
    Map<String, Long> counted = failures.read();
    assertEquals(2L, counted.get("packet_headers"));
    assertEquals(2L, counted.get("packet_headers errno_" + EFAULT), counted::toString);
  }

  private void look(int protocol, boolean missing) throws AgentException {
    look.putInt(0, missing ? 1 : 0);
    look.putInt(4, protocol);
    new TestRun(object.program("look")).run(look, LOOK_BYTES);
  }
}
