package io.hoptoll.als;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.grpc.Status;
import io.hoptoll.als.RecordedEntries.Recorded;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sender is who its certificate says, over real mTLS. */
class SenderIdentityTest {
  private static final String CART = "sidecar~10.0.0.1~cart-1.shop~shop.svc.cluster.local";
  private static final String OTHERS = "sidecar~10.0.0.1~cart-1.bank~bank.svc.cluster.local";

  @TempDir static Path dir;

  private static TestCertificates certificates;
  private static TestCertificates.Pair cart;
  private static TestCertificates.Pair host;
  private static TestCertificates.Pair own;

  private final SpanCollector spans = new SpanCollector();
  private final List<Recorded> request = RecordedEntries.load("http-mtls").subList(0, 1);
  private AlsServer server;

  /** Once: each is a second of keytool. */
  @BeforeAll
  static void issue() throws Exception {
    certificates = new TestCertificates(dir);
    cart = certificates.issue("cart", "uri:spiffe://cluster.local/ns/shop/sa/cart");
    host = certificates.issue("host", "dns:cart.shop.svc");
    own = certificates.issue("hoptoll", "ip:127.0.0.1");
  }

  @BeforeEach
  void start() throws Exception {
    AlsTls tls = new AlsTls(own.certificate(), own.key(), certificates.authority());
    server =
        AlsServer.start(
            new AlsConfig(List.of("127.0.0.1:0"), Limits.MESSAGE_BYTES_MIN, tls), spans);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void senderThatIsWhoItSaysIsHeard() throws Exception {
    Status status = send(cart, CART, "cart");
    assertEquals(Status.Code.OK, status.getCode(), status.toString());
    assertEquals("shop", spans.await(1).get(0).proxy().namespace());
    assertEquals(Status.Code.OK, send(cart, CART, "").getCode(), "an account that is not told");
  }

  @Test
  void nodeIdOfAnotherNamespaceIsRefusedByName() throws Exception {
    Status status = send(cart, OTHERS, "cart");
    refused(status, "namespace 'shop', service account 'cart'", "namespace 'bank'", OTHERS);
  }

  @Test
  void metadataOfTheRightNamespaceDoesNotHideAnIdOfAnother() throws Exception {
    Node node = node(OTHERS, "cart");
    Struct metadata = node.getMetadata().toBuilder().putFields("NAMESPACE", text("shop")).build();
    Status status = send(cart, node.toBuilder().setMetadata(metadata).build());
    refused(status, "node id of namespace 'bank'");
  }

  @Test
  void anotherServiceAccountIsRefused() throws Exception {
    refused(send(cart, CART, "admin"), "service account 'admin'");
  }

  @Test
  void certificateThatNamesNoWorkloadVouchesForNone() throws Exception {
    refused(send(host, CART, "cart"), "names no workload");
  }

  @Test
  void senderWithoutCertificateDoesNotConnect() throws Exception {
    Status status = send(null, CART, "cart");
    assertEquals(Status.Code.UNAVAILABLE, status.getCode(), status.toString());
    assertEquals(0, server.stats().streamsTotal());
    assertEquals(List.of(), spans.soFar());
  }

  @Test
  void filesThatCannotBeUsedAreNamed() {
    AlsTls tls = new AlsTls(dir.resolve("none.pem"), cart.key(), null);
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                AlsServer.start(
                    new AlsConfig(List.of("127.0.0.1:0"), Limits.MESSAGE_BYTES_MIN, tls), spans));
    assertTrue(String.valueOf(e.getMessage()).contains("none.pem"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> AlsTls.of("cert.pem", "", ""));
    assertNull(AlsTls.of("", "", ""));
  }

  @Test
  void onlyNamesOfIstiosFormCount() {
    assertEquals(new SpiffeName("shop", "cart"), SpiffeName.parse("spiffe://td/ns/shop/sa/cart"));
    for (String other :
        List.of(
            "spiffe://td/ns/shop",
            "spiffe://td/ns/shop/sa/cart/x",
            "https://td/ns/shop/sa/cart",
            "spiffe:///ns/shop/sa/cart")) {
      assertNull(SpiffeName.parse(other), other);
    }
  }

  private void refused(Status status, String... words) {
    assertEquals(Status.Code.PERMISSION_DENIED, status.getCode(), status.toString());
    for (String word : words) {
      assertTrue(String.valueOf(status.getDescription()).contains(word), status.toString());
    }
    assertEquals(1L, server.stats().malformed().get(Malformed.STREAM_SENDER_CONTRADICTED));
    assertEquals(List.of(), spans.soFar());
  }

  private Status send(TestCertificates.@Nullable Pair sender, String nodeId, String account)
      throws Exception {
    return send(sender, node(nodeId, account));
  }

  private Status send(TestCertificates.@Nullable Pair sender, Node node) throws Exception {
    StreamAccessLogsMessage first =
        AlsClient.entries(request).toBuilder()
            .setIdentifier(
                StreamAccessLogsMessage.Identifier.newBuilder().setNode(node).setLogName("log"))
            .build();
    try (AlsClient client =
        AlsClient.tls(server.ports().get(0), certificates.authority(), sender)) {
      return client.open().send(first).halfClose().status();
    }
  }

  private static Node node(String id, String account) {
    Struct.Builder metadata = Struct.newBuilder();
    if (!account.isEmpty()) {
      metadata.putFields("SERVICE_ACCOUNT", text(account));
    }
    return Node.newBuilder().setId(id).setMetadata(metadata).build();
  }

  private static Value text(String value) {
    return Value.newBuilder().setStringValue(value).build();
  }
}
