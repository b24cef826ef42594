package io.hoptoll.als;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Timestamp;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.EnvoyInternalAddress;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.hoptoll.model.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressDecoderTest {
  @Test
  void bothFamilies() {
    assertEquals(Endpoint.parse("10.77.0.11", 38114), decode("10.77.0.11", 38114));
    assertEquals(Endpoint.parse("255.255.255.255", 65535), decode("255.255.255.255", 65535));
    assertEquals(Endpoint.parse("fd00::1", 80), decode("fd00::1", 80));
    assertEquals(Endpoint.parse("fe80::1", 80), decode("fe80::1%eth0", 80));
    assertEquals(Endpoint.parse("10.0.0.1", 80), decode("::ffff:10.0.0.1", 80), "v4-mapped");
  }

  /** Never a look-up: a name in an address is no address. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "1a.be",
        "10.1f1.1",
        "10.0.0",
        "10.0.0.",
        "10.0.0.1.2",
        "10.0.0.256",
        ".10.0.0.1",
        "::g"
      })
  void whatIsNoLiteralIsNone(String text) {
    assertEquals(Endpoint.NONE, decode(text, 80));
  }

  @Test
  void pipesInternalListenersAndBadPortsAreNone() {
    assertEquals(
        Endpoint.NONE,
        decode(Address.newBuilder().setPipe(Pipe.newBuilder().setPath("/x")).build()));
    EnvoyInternalAddress.Builder hbone =
        EnvoyInternalAddress.newBuilder()
            .setServerListenerName("connect_originate")
            .setEndpointId("10.0.0.1:80");
    assertEquals(
        Endpoint.NONE, decode(Address.newBuilder().setEnvoyInternalAddress(hbone).build()));
    assertEquals(Endpoint.NONE, decode("10.0.0.1", 65_536));
    assertEquals(Endpoint.NONE, decode("10.0.0.1", -1));
    assertEquals(Endpoint.NONE, decode(Address.getDefaultInstance()));
  }

  private static Endpoint decode(String ip, int port) {
    SocketAddress.Builder socket = SocketAddress.newBuilder().setAddress(ip).setPortValue(port);
    return decode(Address.newBuilder().setSocketAddress(socket).build());
  }

  private static Endpoint decode(Address address) {
    HTTPAccessLogEntry.Builder entry = HTTPAccessLogEntry.newBuilder();
    entry
        .getCommonPropertiesBuilder()
        .setStartTime(Timestamp.newBuilder().setSeconds(1_795_400_000))
        .setDownstreamDirectRemoteAddress(address);
    EntryDecoder decoder =
        new EntryDecoder(
            ProxyIdentity.decode(Node.getDefaultInstance(), "unix"), "log", reason -> {});
    return requireNonNull(decoder.decode(entry.build())).downstreamDirectRemote();
  }
}
