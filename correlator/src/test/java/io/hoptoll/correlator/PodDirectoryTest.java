package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SocketTuple;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodDirectoryTest {
  private static final PodKey ONE = new PodKey("n", 1);
  private static final PodKey TWO = new PodKey("n", 2);
  private final PodDirectory pods = new PodDirectory();
  private final SidecarSpan span = World.steady("id").client();

  @Test
  void tellsPlainEnvoysWithOneNodeIdApart() {
    namespace(ONE, "10.0.0.1");
    namespace(TWO, "10.0.0.2");

    assertEquals(ONE, pods.resolve(from("envoy", "10.0.0.1")));
    assertEquals(TWO, pods.resolve(from("envoy", "10.0.0.2")));
  }

  @Test
  void withoutAddressGoesBySocketEachTime() {
    SocketTuple socket = new SocketTuple(span.upstreamLocal(), span.upstreamRemote());
    namespace(ONE, "10.0.0.1");
    namespace(TWO, "10.0.0.2");
    pods.socket(ONE, socket);
    assertEquals(ONE, pods.resolve(from("envoy")));
    pods.socket(TWO, socket);
    assertEquals(TWO, pods.resolve(from("envoy")));
  }

  @Test
  void survivesWhatIsNoAddress() {
    namespace(ONE, "10.0.0.1");

    assertEquals(ONE, pods.resolve(from("envoy", "", "localhost", "1:2:3", "10.0.0.1")));
  }

  @Test
  void anAddressThatMovedBelongsToItsNewHolder() {
    namespace(ONE, "10.0.0.1");
    namespace(ONE, "10.0.0.9");
    namespace(TWO, "10.0.0.1");

    assertEquals(TWO, pods.resolve(from("envoy", "10.0.0.1")));
  }

  @Test
  void entriesOfAPodThatIsGoneAreItsOwnNotItsSuccessors() {
    SidecarSpan own = from("envoy", "10.0.0.1");
    SidecarSpan.Addresses a = own.addresses();
    pods.socket(ONE, new SocketTuple(a.upstreamLocal(), a.upstreamRemote()));
    namespace(ONE, "10.0.0.1");
    assertEquals(ONE, pods.resolve(own));
    pods.namespace(new NetworkNamespace(ONE.node(), ONE.netns(), List.of()));
    assertEquals(ONE, pods.resolve(own));
    namespace(TWO, "10.0.0.1");
    assertEquals(ONE, pods.resolve(own));

    pods.socket(TWO, new SocketTuple(a.upstreamLocal(), a.upstreamRemote()));
    assertEquals(TWO, pods.resolve(own));
  }

  @Test
  void anAddressOfTwoNamespacesIsNobodys() {
    namespace(ONE, "10.0.0.1");
    namespace(TWO, "10.0.0.1");

    assertEquals(PodKey.UNKNOWN, pods.resolve(from("envoy", "10.0.0.1")));
  }

  @Test
  void aLoopbackPairThatTwoNamespacesUseNamesNeither() {
    SidecarSpan.Addresses a = span.addresses();
    Endpoint from = Endpoint.parse("127.0.0.1", 40_001);
    Endpoint to = Endpoint.parse("127.0.0.1", 8080);
    SidecarSpan local =
        Change.addresses(
            from("envoy"),
            new SidecarSpan.Addresses(
                a.downstreamDirectRemote(), a.downstreamRemote(), a.downstreamLocal(), from, to));
    namespace(ONE, "10.0.0.1");
    namespace(TWO, "10.0.0.2");
    pods.socket(ONE, new SocketTuple(from, to));
    assertEquals(ONE, pods.resolve(local));
    pods.socket(TWO, new SocketTuple(from, to));
    assertEquals(PodKey.UNKNOWN, pods.resolve(local));
  }

  private void namespace(PodKey pod, String ip) {
    pods.namespace(new NetworkNamespace(pod.node(), pod.netns(), List.of(Endpoint.parse(ip, 0))));
  }

  private SidecarSpan from(String nodeId, String... ips) {
    return Change.proxy(
        span, new Proxy(nodeId, Proxy.Kind.OTHER, List.of(ips), "", "", "web", "", "1.40.0"));
  }
}
