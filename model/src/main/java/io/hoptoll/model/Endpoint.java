package io.hoptoll.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An IP address and TCP port. IPv4 is kept as IPv4-mapped IPv6 ({@code ::ffff:a.b.c.d}, RFC 4291
 * 2.5.5.2), so that a dual-stack listener's view of a peer equals the peer's own.
 *
 * @param ipHigh the first 8 bytes of the IPv6 form, big-endian
 * @param ipLow the last 8 bytes of the IPv6 form, big-endian
 * @param port 0..65535
 */
public record Endpoint(long ipHigh, long ipLow, int port) {
  /** No address: what ALS leaves out, and what a pipe or an internal listener has. */
  public static final Endpoint NONE = new Endpoint(0, 0, 0);

  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
  private static final long V4_MAPPED = 0x0000_FFFF_0000_0000L;

  public static Endpoint ofIpv4(int ipBigEndian, int port) {
    return new Endpoint(0, V4_MAPPED | Integer.toUnsignedLong(ipBigEndian), port);
  }

  /**
   * Parses a literal address; names are refused, nothing is looked up.
   *
   * @throws IllegalArgumentException when {@code ip} is no literal IPv4 or IPv6 address
   */
  public static Endpoint parse(String ip, int port) {
    if (ip.isEmpty() || !isLiteral(ip)) {
      throw new IllegalArgumentException("not a literal IP address: '" + ip + "'");
    }
    try {
      return ofBytes(InetAddress.getByName(ip).getAddress(), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not a literal IP address: '" + ip + "'", e);
    }
  }

  /** From 4 or 16 network-order bytes. */
  public static Endpoint ofBytes(byte[] ip, int port) {
    if (ip.length == 4) {
      return ofIpv4((int) readLong(ip, 0, 4), port);
    }
    return new Endpoint(readLong(ip, 0, 8), readLong(ip, 8, 8), port);
  }

  public boolean isSet() {
    return port != 0 || ipLow != 0 || ipHigh != 0;
  }

  public boolean isIpv4() {
    return ipHigh == 0 && (ipLow & 0xFFFF_FFFF_0000_0000L) == V4_MAPPED;
  }

  /** 127.0.0.0/8 or ::1. */
  public boolean isLoopback() {
    return isIpv4() ? ((ipLow >>> 24) & 0xFF) == 127 : ipHigh == 0 && ipLow == 1;
  }

  /** The same address with port 0: the key of a host. */
  public Endpoint host() {
    return port == 0 ? this : new Endpoint(ipHigh, ipLow, 0);
  }

  /** The hash of {@link #host}, without making it. */
  public int hostHash() {
    return hash(ipHigh, ipLow, 0);
  }

  /** Whether the addresses are equal, whatever the ports. */
  public boolean isSameHost(Endpoint other) {
    return ipLow == other.ipLow && ipHigh == other.ipHigh;
  }

  /** The address without its port. */
  public String ip() {
    if (isIpv4()) {
      int v = (int) ipLow;
      return (v >>> 24) + "." + ((v >>> 16) & 255) + "." + ((v >>> 8) & 255) + "." + (v & 255);
    }
    StringBuilder s = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      long half = i < 4 ? ipHigh : ipLow;
      s.append(i == 0 ? "" : ":").append(Long.toHexString((half >>> (48 - 16 * (i % 4))) & 0xFFFF));
    }
    return s.toString();
  }

  // By hand: endpoints are the joins' keys, and a record's own two are several times slower.
  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Endpoint e && ipLow == e.ipLow && port == e.port && ipHigh == e.ipHigh;
  }

  @Override
  public int hashCode() {
    return hash(ipHigh, ipLow, port);
  }

  private static int hash(long ipHigh, long ipLow, int port) {
    long mixed = (ipHigh ^ ipLow * 31 ^ (long) port << 32) * 0x9E37_79B9_7F4A_7C15L;
    return (int) (mixed >>> 32);
  }

  @Override
  public String toString() {
    return isIpv4() ? ip() + ":" + port : "[" + ip() + "]:" + port;
  }

  /** What has no colon and is not of this form would be taken for a name, and looked up. */
  private static boolean isLiteral(String ip) {
    return ip.indexOf(':') >= 0
        ? ip.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':')
        : IPV4.matcher(ip).matches();
  }

  private static long readLong(byte[] b, int from, int count) {
    long v = 0;
    for (int i = 0; i < count; i++) {
      v = v << 8 | (b[from + i] & 0xFF);
    }
    return v;
  }
}
