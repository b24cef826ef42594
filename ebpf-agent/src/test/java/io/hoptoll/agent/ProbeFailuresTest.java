package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import jnr.ffi.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What fails in the kernel is counted by place and by the kernel's errno. */
@Tag("bpf")
class ProbeFailuresTest {
  private static final int EEXIST = 17;
  private static final int E2BIG = 7;

  @Test
  void byPlaceAndErrno() throws AgentException {
    Readiness readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    try (BpfObject object = BpfObject.load(Architecture.object("counters.test"), o -> {})) {
      ProbeFailures failures = new ProbeFailures(object, "places", List.of("other", "room"));
      TestRun put = new TestRun(object.program("put"));
      Pointer number = Native.allocate(4);
      put.run(number, 4);
      assertEquals(Map.of("other", 0L, "room", 0L), failures.read());
      put.run(number, 4); // is there already
      number.putInt(0, 1);
      put.run(number, 4); // there is room for one
      put.run(number, 4);
      assertEquals(
          Map.of("other", 0L, "room", 3L, "room errno_" + EEXIST, 1L, "room errno_" + E2BIG, 2L),
          failures.read());
    }
  }
}
