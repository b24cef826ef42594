package io.hoptoll.als;

import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.hoptoll.model.Endpoint;

/**
 * Envoy addresses as endpoints. Only literal IP addresses count: pipes and Envoy-internal listeners
 * (HBONE's {@code connect_originate}) have no socket of their own in the kernel.
 */
final class AddressDecoder {
  private AddressDecoder() {}

  /** {@link Endpoint#NONE} where absent, of another kind, or no literal address. */
  static Endpoint decode(boolean present, Address address) {
    if (!present || !address.hasSocketAddress()) {
      return Endpoint.NONE;
    }
    SocketAddress socket = address.getSocketAddress();
    int port = socket.getPortValue();
    return port < 0 || port > 65_535 ? Endpoint.NONE : literal(socket.getAddress(), port);
  }

  /** {@link Endpoint#NONE} where {@code ip} is a name or otherwise no literal address. */
  static Endpoint literal(String ip, int port) {
    if (ip.indexOf(':') < 0) {
      long v4 = ipv4(ip);
      return v4 < 0 ? Endpoint.NONE : Endpoint.ofIpv4((int) v4, port);
    }
    int zone = ip.indexOf('%');
    try {
      return Endpoint.parse(zone < 0 ? ip : ip.substring(0, zone), port);
    } catch (IllegalArgumentException e) {
      return Endpoint.NONE;
    }
  }

  /** Dotted quad as an unsigned 32-bit value, or -1. */
  private static long ipv4(String ip) {
    long value = 0;
    int octet = -1;
    int dots = 0;
    for (int i = 0; i < ip.length(); i++) {
      char c = ip.charAt(i);
      if (c == '.' && octet >= 0 && dots < 3) {
        value = value << 8 | octet;
        octet = -1;
        dots++;
      } else if (c >= '0' && c <= '9') {
        octet = Math.max(octet, 0) * 10 + (c - '0');
        if (octet > 255) {
          return -1;
        }
      } else {
        return -1;
      }
    }
    return dots == 3 && octet >= 0 ? value << 8 | octet : -1;
  }
}
