package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The loss probes on kernels that lack a hook or have it with fewer arguments. */
@Tag("bpf")
class LossObjectTest {
  private static final String OBJECT = Architecture.object("loss");

  @BeforeEach
  void needsLibbpf() {
    Readiness readiness = SocketAgent.check();
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
  }

  @Test
  void theShippedObjectHasTheAgentsLayout() throws AgentException {
    BpfObject.load(OBJECT, o -> LossLayout.check(new BtfLayout(o.btf()))).close();
  }

  @Test
  void aMissingTracepointIsNamedAndTheRestAttached() throws AgentException {
    List<String> left = new ArrayList<>();
    BpfObject.Setup setup = o -> left.addAll(o.leaveOut("tcp_send_reset"::equals));
    try (BpfObject object = BpfObject.load(OBJECT, setup)) {
      object.attachHooks();
      assertEquals(List.of("tcp_send_reset"), left);
      assertFalse(object.attached().contains("tp_btf/tcp_send_reset"));
      assertTrue(object.attached().contains("tp_btf/tcp_receive_reset"));
    }
  }

  @Test
  void itLoadsForEveryFormOfKfreeSkb() throws AgentException {
    for (int arguments = 2; arguments <= 4; arguments++) {
      int n = arguments;
      BpfObject.load(OBJECT, o -> o.setConstant("kfree_skb_arguments", n)).close();
    }
  }

  @Test
  void theRunningKernelsOwnNames() throws AgentException {
    try (KernelTypes kernel = KernelTypes.load()) {
      Map<Integer, String> reasons = kernel.names("skb_drop_reason", "SKB_DROP_REASON_");
      assertTrue(reasons.containsValue("NETFILTER_DROP"), reasons::toString);
      assertTrue(kernel.names("no_such_enum", "").isEmpty());
      assertEquals(0, kernel.arguments("no_such_tracepoint"));
      assertEquals(3, kernel.arguments("inet_sock_set_state"));
      assertEquals(1, kernel.arguments("sk_data_ready"));
    }
  }
}
