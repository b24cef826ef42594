package io.hoptoll.agent.l7;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.WireProtocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** First bytes of real clients and servers. */
class RecognisersTest {
  /** What each protocol is as well, by the order in which they are asked. */
  private static final Set<WireProtocol> OUTER = EnumSet.of(WireProtocol.TLS, WireProtocol.HTTP2);

  private record Recorded(String protocol, String who, byte[] client, byte[] server) {
    Heads heads() {
      return new Heads(client, server);
    }

    @Override
    public String toString() {
      return protocol + ", " + who;
    }
  }

  static List<Recorded> recorded() throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(RecognisersTest.class.getResourceAsStream("recorded.txt")),
                UTF_8))) {
      return in.lines()
          .filter(l -> !l.startsWith("#"))
          .map(l -> (l + " ").split("\\|"))
          .map(
              f ->
                  new Recorded(
                      f[0].strip(), f[1].strip(), hex(f[2]), hex(f.length > 3 ? f[3] : "")))
          .toList();
    }
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.strip());
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void isKnown(Recorded r) {
    assertEquals(r.protocol(), Recognisers.recognise(r.heads()).label());
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void noOtherClaimsIt(Recorded r) {
    Set<String> claims =
        Recognisers.ALL.stream()
            .filter(a -> a.matches(r.heads()) && !OUTER.contains(a.protocol()))
            .map(a -> a.protocol().label())
            .collect(Collectors.toSet());
    claims.remove(r.protocol());
    assertTrue(claims.isEmpty(), () -> "also " + claims);
  }

  /** Bytes end anywhere: no prefix makes a recogniser fail, or be taken for another protocol's. */
  @ParameterizedTest
  @MethodSource("recorded")
  void aPartIsThatOrUnknown(Recorded r) {
    List<String> allowed = List.of(r.protocol(), "TCP", "TCP(TLS)", "HTTP/2");
    for (int c = 0; c <= r.client().length; c++) {
      for (int s = 0; s <= Math.min(r.server().length, 16); s++) {
        Heads part = new Heads(Arrays.copyOf(r.client(), c), Arrays.copyOf(r.server(), s));
        String label = Recognisers.recognise(part).label();
        assertTrue(allowed.contains(label), () -> label + " at " + part);
        assertTrue(Recognisers.serverName(part).length() < 64);
      }
    }
  }

  @Test
  void serverNames() throws IOException {
    assertEquals(
        List.of("localhost", "a.example", "a.example"),
        recorded().stream()
            .map(r -> Recognisers.serverName(r.heads()))
            .filter(n -> !n.isEmpty())
            .toList());
  }

  /** Random bytes are nobody's, but for chance: a fixed seed. */
  @Test
  void noiseIsUnknown() {
    Random random = new Random(7);
    int known = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] client = new byte[32];
      byte[] server = new byte[32];
      random.nextBytes(client);
      random.nextBytes(server);
      known += Recognisers.recognise(new Heads(client, server)) == WireProtocol.UNKNOWN ? 0 : 1;
    }
    assertEquals(0, known);
  }

  @Test
  void aLaterReportTakesNothingBack() {
    assertEquals(WireProtocol.GRPC, WireProtocol.GRPC.with(WireProtocol.HTTP2));
    assertEquals(WireProtocol.GRPC, WireProtocol.HTTP2.with(WireProtocol.GRPC));
    assertEquals(WireProtocol.POSTGRESQL, WireProtocol.POSTGRESQL.with(WireProtocol.TLS));
    assertEquals(WireProtocol.HTTPS, WireProtocol.TLS.with(WireProtocol.HTTPS));
    assertEquals(WireProtocol.REDIS, WireProtocol.REDIS.with(WireProtocol.UNKNOWN));
  }
}
