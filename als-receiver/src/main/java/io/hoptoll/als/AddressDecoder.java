package io.hoptoll.als;

import io.hoptoll.model.Endpoint;
import java.nio.charset.StandardCharsets;

/**
 * Envoy addresses as endpoints. Only literal IP addresses count: pipes and Envoy-internal listeners
 * (HBONE's {@code connect_originate}) have no socket of their own in the kernel.
 */
final class AddressDecoder {
  private AddressDecoder() {}

  /** {@link Endpoint#NONE} where {@code ip} is a name or otherwise no literal address. */
  static Endpoint literal(String ip, int port) {
    if (ip.indexOf(':') < 0) {
      byte[] text = ip.getBytes(StandardCharsets.UTF_8);
      long v4 = ipv4(text, 0, text.length);
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
  static long ipv4(byte[] text, int from, int to) {
    long value = 0;
    int octet = -1;
    int dots = 0;
    for (int i = from; i < to; i++) {
      byte c = text[i];
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
