package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An LRU map holds what it is said to, though CPUs hold free entries back (room.test.bpf.c). */
@Tag("bpf")
class LruRoomTest {
  private static final int ROOM = 256;

  @Test
  void whatOneCpuHoldsBackDisplacesNothingOfAnothers() throws AgentException {
    Readiness readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    int lastCpu = lastCpu();
    assumeTrue(lastCpu > 0, "one processor alone holds nothing back from others");
    try (BpfObject object = BpfObject.load(Architecture.object("room.test"), o -> {})) {
      TestRun put = new TestRun(object.program("put"));
      Pointer number = Native.allocate(8);
      for (int key = 0; key < ROOM; key++) {
        number.putLong(0, key);
        assertEquals(0, put.runOn(key == 0 ? lastCpu : 0, number, 8));
      }
      assertEquals(List.of(), missing(Native.BPF.bpf_map__fd(object.map("recent"))));
    }
  }

  /** Of those that are online ({@code 0-3}, {@code 0,2-5}). */
  private static int lastCpu() {
    try {
      String online = Files.readString(Path.of("/sys/devices/system/cpu/online")).trim();
      return Integer.parseInt(online.replaceAll(".*[-,]", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Integer> missing(int map) {
    Pointer key = Native.allocate(4);
    Pointer value = Native.allocate(4);
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < ROOM; i++) {
      key.putInt(0, i);
      if (Native.BPF.bpf_map_lookup_elem(map, key, value) != 0) {
        missing.add(i);
      }
    }
    return missing;
  }
}
