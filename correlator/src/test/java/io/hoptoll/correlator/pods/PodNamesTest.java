package io.hoptoll.correlator.pods;

import static io.hoptoll.correlator.pods.Reports.IP;
import static io.hoptoll.correlator.pods.Reports.NETNS;
import static io.hoptoll.correlator.pods.Reports.NODE;
import static io.hoptoll.correlator.pods.Reports.exchange;
import static io.hoptoll.correlator.pods.Reports.namespace;
import static io.hoptoll.correlator.pods.Reports.process;
import static io.hoptoll.correlator.pods.Reports.tuple;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Pod;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who names a pod, its processes and its peers, in order of trust. */
class PodNamesTest {
  private static final String ID = "ab".repeat(32);
  private static final String UID = "3f8a1c52-9d04-4b7e-8c11-5e6f70a9b2d3";

  private final PodTraffic traffic = new PodTraffic();

  @Test
  void anAddressUntilTheSidecarNamesItselfUntilKubernetesDoes() {
    traffic.namespace(namespace(NETNS, IP, "127.0.0.1"));
    traffic.running(process(41, "envoy", "", ""), 1);
    assertEquals(List.of(NODE + "/" + IP + " by address"), names());
    traffic.span(span(IP));
    assertEquals(List.of("default/reviews-v1-x by access-log"), names());
    traffic.pod(pod("reviews-v1-y", IP, "", false, false));
    assertEquals(List.of("default/reviews-v1-y by kubernetes"), names());
    traffic.pod(pod("reviews-v1-y", IP, "", false, true));
    assertEquals(List.of("default/reviews-v1-x by access-log"), names());
    assertNotNull(traffic.views().topology(NODE, IP), "as it was listed before it had a name");
  }

  @Test
  void aContainerNamesPodAndProcess() {
    traffic.running(process(41, "envoy", ID, UID), 1);
    assertEquals(List.of(NODE + "/netns-" + NETNS + " by address"), names());
    traffic.pod(pod("reviews-v1-y", "10.9.9.9", ID, false, false));
    PodTopology t = traffic.views().topology("default", "reviews-v1-y");
    assertNotNull(t);
    assertEquals("reviews-v1", t.pod().workload());
    assertEquals("istio-proxy", t.processes().get(0).container());
    assertTrue(t.processes().get(0).sidecar());
    assertNull(traffic.views().topology("default", "nobody"));
  }

  @Test
  void theUidNamesWhatHasNoContainerInTheStatus() {
    traffic.running(process(41, "pause", "cd".repeat(32), UID), 1);
    traffic.pod(pod("reviews-v1-y", "10.9.9.9", ID, false, false));
    assertEquals(List.of("default/reviews-v1-y by kubernetes"), names());
  }

  @Test
  void aPodOnTheNodesNetworkIsLeftOutWithWords() {
    traffic.running(process(51, 1, 99, true, "kube-proxy", ID, UID, false), 1);
    traffic.pod(pod("kube-proxy-7", "192.168.0.5", ID, true, false));
    traffic.exchange(
        exchange(1, 0, 51, Role.CONNECT, tuple(IP, 1, "10.0.0.1", 443), 1, 1, 0), 1); // a pod's
    PodList list = traffic.views().list();
    assertEquals(List.of(), list.pods().stream().filter(p -> p.pod().netns() == 99).toList());
    assertEquals("kube-proxy-7", list.leftOut().get(0).name());
    assertTrue(list.leftOut().get(0).reason().contains("network of its node"));
  }

  @Test
  void withoutKubernetesTheNodeItselfIsShown() {
    traffic.namespace(namespace(99, "192.168.0.5"));
    traffic.running(process(51, 1, 99, true, "envoy", "", "", false), 1);
    assertEquals(List.of(NODE + "/host by node"), names());
    assertTrue(traffic.views().list().pods().get(0).pod().isNode());
  }

  @Test
  void peersAreNamedByTheirAddressAndHttpByAccessLogs() {
    traffic.namespace(namespace(NETNS, IP));
    traffic.running(process(41, "envoy", "", ""), 1);
    traffic.pod(pod("details-v1-z", "10.244.2.8", ID, false, false));
    traffic.span(span(IP));
    traffic.exchange(
        exchange(1, 0, 41, Role.CONNECT, tuple(IP, 50_001, "10.244.2.8", 9_080), 1, 1, 2), 1);
    traffic.tick(3_000_000_000L);
    PodTopology t = traffic.views().topology("default", "reviews-v1-x");
    assertNotNull(t);
    assertEquals("default/details-v1-z", t.peers().get(0).name());
    assertEquals("HTTPS", t.lines().get(0).protocol());
  }

  @Test
  void theEndOfAPodIsNotThatOfItsSuccessorOnAnotherNode() {
    traffic.namespace(namespace(NETNS, IP, "127.0.0.1"));
    traffic.running(process(41, "envoy", "", ""), 1);
    traffic.pod(pod("db-0", IP, "", false, false));
    Pod p = pod("db-0", "10.9.9.9", "", false, true);
    traffic.pod(
        new Pod(
            p.namespace(), p.name(), "other", p.workload(), p.addresses(), false, List.of(), true));
    assertEquals(List.of("default/db-0 by kubernetes"), names());
  }

  private List<String> names() {
    return traffic.views().list().pods().stream()
        .map(p -> p.pod().namespace() + "/" + p.pod().name() + " by " + p.pod().source())
        .toList();
  }

  private static Pod pod(String name, String ip, String container, boolean host, boolean gone) {
    return new Pod(
        "default",
        name,
        UID,
        "reviews-v1",
        List.of(ip),
        host,
        List.of(new Pod.Container(container, "istio-proxy", true)),
        gone);
  }

  /** An access log entry of reviews' sidecar for a request that it sent from port 50001. */
  private static SidecarSpan span(String ip) {
    Proxy proxy =
        new Proxy(
            "",
            Proxy.Kind.SIDECAR,
            List.of(ip),
            "default",
            "reviews-v1-x",
            "reviews-v1",
            "",
            "1.40.0");
    Endpoint none = Endpoint.NONE;
    return new SidecarSpan(
        proxy,
        "http",
        SidecarSpan.Kind.END,
        SidecarSpan.Protocol.HTTP1,
        0,
        new SidecarSpan.Times(0, 0, 0, 0, 0, 0, 0, 0),
        new SidecarSpan.Addresses(
            none, none, none, Endpoint.parse(ip, 50_001), Endpoint.parse("10.244.2.8", 9_080)),
        new SidecarSpan.Request("", "", "", "GET", "", "/", "", "", "", 1, -1),
        new SidecarSpan.Outcome(200, "", 0, "", 1),
        new SidecarSpan.WireBytes(1, 1, 1, 1));
  }
}
