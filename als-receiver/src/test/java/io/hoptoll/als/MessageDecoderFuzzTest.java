package io.hoptoll.als;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.hoptoll.model.LogStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The decoder against protobuf's generated classes, on real entries changed at random. Two claims,
 * for every input: it gives what they give of the fields that are read; and where they accept the
 * whole message, what they give of that.
 *
 * <p>{@code -Dhoptoll.fuzz.inputs=10000000} is the long run, {@code -Dhoptoll.fuzz.first=N} begins
 * at the input a failure named.
 */
class MessageDecoderFuzzTest {
  private static final int INPUTS = Integer.getInteger("hoptoll.fuzz.inputs", 100_000);
  private static final long FIRST = Long.getLong("hoptoll.fuzz.first", 0);
  private static final int BATCH = 10_000;
  private static final LogStream KNOWN =
      new LogStream(
          ProxyIdentity.decode(Node.newBuilder().setId("known").build(), "unix"), "known-log");

  private final MessageMutator mutator = new MessageMutator();

  /** How inputs were taken. */
  private record Tally(long refused, long accepted, long laxer, long spans, long leftOut) {
    Tally plus(Tally other) {
      return new Tally(
          refused + other.refused,
          accepted + other.accepted,
          laxer + other.laxer,
          spans + other.spans,
          leftOut + other.leftOut);
    }
  }

  @Test
  void sameResultAsTheGeneratedClassesForEveryMessage() {
    Tally all =
        IntStream.range(0, (INPUTS + BATCH - 1) / BATCH)
            .parallel()
            .mapToObj(i -> batch(FIRST + (long) i * BATCH, Math.min(BATCH, INPUTS - i * BATCH)))
            .reduce(new Tally(0, 0, 0, 0, 0), Tally::plus);
    assertEquals(INPUTS, all.refused + all.accepted + all.leftOut);
    assertTrue(all.leftOut <= INPUTS / 100, "few are left out: " + all);
    assertTrue(
        INPUTS < 1_000
            || all.refused > INPUTS / 20 && all.accepted > INPUTS / 4 && all.spans > INPUTS / 4,
        "inputs of both kinds: " + all);
    assertTrue(all.laxer < all.accepted / 4, "rarely more than they accept: " + all);
  }

  private Tally batch(long first, int count) {
    MessageDecoder decoder = new MessageDecoder();
    Tally tally = new Tally(0, 0, 0, 0, 0);
    for (long n = first; n < first + count; n++) {
      byte[] message = mutator.message(n);
      try {
        tally = tally.plus(one(decoder, message, n % 3 == 0 ? KNOWN : null));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("input %d: %s".formatted(n, HexFormat.of().formatHex(message)), e);
      }
    }
    return tally;
  }

  private static Tally one(MessageDecoder decoder, byte[] message, @Nullable LogStream known) {
    if (protobufItselfIsOfTwoMinds(message)) {
      return new Tally(0, 0, 0, 0, 1);
    }
    Decoded ours = Decoded.ours(decoder, message, known);
    assertEquals(ofReadFields(message, known), ours, "of the fields that are read");
    Decoded whole = Decoded.byGeneratedClasses(message, known);
    if (whole.accepted()) {
      assertEquals(whole, ours, "of the whole message");
    }
    return new Tally(
        ours.accepted() ? 0 : 1,
        ours.accepted() ? 1 : 0,
        ours.accepted() && !whole.accepted() ? 1 : 0,
        ours.spans().size(),
        0);
  }

  /**
   * CodedInputStream sets bit 63 of every number of ten bytes, except near the end of its buffer,
   * where it takes it from the tenth byte.
   */
  private static boolean protobufItselfIsOfTwoMinds(byte[] message) {
    int continued = 0;
    for (byte next : message) {
      if (next >= 0 && continued >= 9 && (next & 1) == 0) {
        return true;
      }
      continued = next < 0 ? continued + 1 : 0;
    }
    return false;
  }

  private static Decoded ofReadFields(byte[] message, @Nullable LogStream known) {
    try {
      return Decoded.byGeneratedClasses(ReadFields.only(message, known == null), known);
    } catch (InvalidProtocolBufferException e) {
      return new Decoded(false, null, java.util.List.of(), java.util.List.of());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
