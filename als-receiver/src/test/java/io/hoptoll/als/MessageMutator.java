package io.hoptoll.als;

import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.hoptoll.als.RecordedEntries.Recorded;
import io.hoptoll.als.WireTree.Node;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Messages near those of a real Envoy: input {@code n} is always the same. Most mutations keep the
 * structure intact, so that they reach what lies deep; some cut or flip raw bytes.
 */
final class MessageMutator {
  private static final List<String> SEEDS =
      List.of(
          "http-mtls",
          "http-chain",
          "retries-app-503",
          "tcp-intermediate",
          "tcp-mtls",
          "tls-no-client-cert",
          "uf-outbound-connect-timeout",
          "upstream-log-per-attempt",
          "h2-upstream",
          "di-delay",
          "dc-abort-mid-body");

  private static final byte[][] BAD_TEXTS = {
    {(byte) 0x80},
    {(byte) 0xC0, (byte) 0x80}, // overlong NUL
    {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, // a surrogate
    {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80}, // above U+10FFFF
    {'a', (byte) 0xE2, (byte) 0x82}, // cut short
  };

  private static final byte[][] GOOD_TEXTS = {
    {},
    "grpc-status".getBytes(StandardCharsets.UTF_8),
    "traceparent".getBytes(StandardCharsets.UTF_8),
    "b3".getBytes(StandardCharsets.UTF_8),
    "x-b3-traceid".getBytes(StandardCharsets.UTF_8),
    "x-envoy-attempt-count".getBytes(StandardCharsets.UTF_8),
    "17".getBytes(StandardCharsets.UTF_8),
    "10.0.0.255".getBytes(StandardCharsets.UTF_8),
    "fd00::17".getBytes(StandardCharsets.UTF_8),
    "größer-als-ASCII-€-😀".getBytes(StandardCharsets.UTF_8),
    "1234567890".getBytes(StandardCharsets.UTF_8),
    "x".repeat(300).getBytes(StandardCharsets.UTF_8),
  };

  private static final long[] NUMBERS = {
    0, 1, 2, 4, 6, 9, 13, 14, 200, 65_535, 65_536, 1L << 31, (1L << 32) + 5, Long.MAX_VALUE, -1
  };

  private final List<List<Node>> seeds = new ArrayList<>();

  MessageMutator() {
    for (String name : SEEDS) {
      for (Recorded entry : RecordedEntries.loadWhole(name)) {
        StreamAccessLogsMessage message = AlsClient.identified(List.of(entry));
        try {
          seeds.add(WireTree.parse(message.toByteArray(), StreamAccessLogsMessage.getDescriptor()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  byte[] message(long n) {
    SplittableRandom random = new SplittableRandom(n);
    List<Node> message = new ArrayList<>();
    for (int parts = 1 + (random.nextInt(4) == 0 ? random.nextInt(3) : 0); parts > 0; parts--) {
      for (Node node : seeds.get(random.nextInt(seeds.size()))) {
        message.add(node.copy());
      }
    }
    for (int times = random.nextInt(6); times > 0; times--) {
      mutate(message, random);
    }
    byte[] bytes = WireTree.write(message);
    return random.nextInt(5) == 0 ? damage(bytes, random) : bytes;
  }

  /** Walks down at random and changes something there. */
  private void mutate(List<Node> message, SplittableRandom random) {
    List<Node> level = message;
    while (!level.isEmpty()) {
      Node node = level.get(random.nextInt(level.size()));
      List<Node> children = node.children;
      if (children == null || random.nextInt(5) == 0) {
        break;
      }
      level = children;
    }
    if (level.isEmpty()) {
      level.add(anything(random));
      return;
    }
    int at = random.nextInt(level.size());
    Node node = level.get(at);
    switch (random.nextInt(12)) {
      case 0 -> level.remove(at);
      case 1 -> level.add(random.nextInt(level.size() + 1), node.copy());
      case 2 -> level.add(level.remove(random.nextInt(level.size())));
      case 3 -> split(level, at, random);
      case 4 -> level.add(random.nextInt(level.size() + 1), anything(random));
      case 5 -> level.add(at, group(random));
      case 6 -> node.padding = random.nextInt(10);
      case 7 -> node.number = 1 + random.nextInt(34);
      case 8 -> scalar(level, at, random);
      case 9 -> text(node, random);
      case 10 -> level.add(sibling(level, random));
      default -> hostile(node, random);
    }
  }

  /** One sub-message as two, which protobuf merges. */
  private static void split(List<Node> level, int at, SplittableRandom random) {
    Node node = level.get(at);
    List<Node> children = node.children;
    if (children == null || children.isEmpty()) {
      return;
    }
    int cut = random.nextInt(children.size() + 1);
    Node second =
        new Node(
            node.number,
            node.wireType,
            node.content,
            new ArrayList<>(children.subList(cut, children.size())));
    node.children = new ArrayList<>(children.subList(0, cut));
    level.add(random.nextInt(at + 1, level.size() + 1), second);
  }

  /** A field of another type in the same place: unknown, or a oneof's other choice. */
  private static Node anything(SplittableRandom random) {
    int type = new int[] {Tags.VARINT, Tags.LEN, Tags.FIXED32, Tags.FIXED64}[random.nextInt(4)];
    int number = random.nextInt(4) == 0 ? random.nextInt(1, 1 << 29) : random.nextInt(1, 36);
    byte[] content =
        switch (type) {
          case Tags.VARINT -> varint(random);
          case Tags.FIXED32 -> new byte[4];
          case Tags.FIXED64 -> new byte[8];
          default -> GOOD_TEXTS[random.nextInt(GOOD_TEXTS.length)];
        };
    return new Node(number, type, content, null);
  }

  /** A group, up to deeper than protobuf goes. */
  private static Node group(SplittableRandom random) {
    int deep = random.nextInt(3) == 0 ? random.nextInt(90, 104) : random.nextInt(1, 4);
    int number = random.nextInt(1, 40);
    ByteArrayOutputStream inside = new ByteArrayOutputStream();
    for (int i = 1; i < deep; i++) {
      WireTree.varint(inside, number << 3 | Tags.GROUP, 0);
    }
    inside.writeBytes(new byte[] {8, 1});
    for (int i = 0; i < deep; i++) {
      boolean wrong = random.nextInt(200) == 0;
      WireTree.varint(inside, (wrong ? number + 1 : number) << 3 | Tags.END_GROUP, 0);
    }
    return new Node(number, Tags.GROUP, inside.toByteArray(), null);
  }

  private static void scalar(List<Node> level, int at, SplittableRandom random) {
    Node node = level.get(at);
    if (node.wireType == Tags.VARINT) {
      node.content = varint(random);
    } else if (node.children != null) {
      node.children.add(new Node(1 + random.nextInt(3), Tags.VARINT, varint(random), null));
    }
  }

  private static void text(Node node, SplittableRandom random) {
    if (node.wireType == Tags.LEN && node.children == null) {
      byte[][] from = random.nextInt(3) == 0 ? BAD_TEXTS : GOOD_TEXTS;
      node.content = from[random.nextInt(from.length)];
    }
  }

  /** A copy under a neighbour's number: another address, another duration, another log. */
  private static Node sibling(List<Node> level, SplittableRandom random) {
    Node copy = level.get(random.nextInt(level.size())).copy();
    copy.number = Math.max(1, copy.number + random.nextInt(-2, 3));
    return copy;
  }

  private static void hostile(Node node, SplittableRandom random) {
    switch (random.nextInt(4)) {
      case 0 -> node.lengthLie = random.nextInt(-3, 4);
      case 1 -> node.lengthLie = NUMBERS[random.nextInt(NUMBERS.length)];
      case 2 -> node.lengthLie = (long) random.nextInt(1, 4) << 32; // cut to 32 bits: no lie
      default -> node.wireType = random.nextInt(8);
    }
  }

  private static byte[] varint(SplittableRandom random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WireTree.varint(out, NUMBERS[random.nextInt(NUMBERS.length)], random.nextInt(3));
    return out.toByteArray();
  }

  private static byte[] damage(byte[] bytes, SplittableRandom random) {
    byte[] damaged = bytes.clone();
    if (random.nextInt(3) == 0) {
      return Arrays.copyOf(damaged, random.nextInt(damaged.length + 1));
    }
    for (int times = 1 + random.nextInt(4); times > 0 && damaged.length > 0; times--) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
    }
    return damaged;
  }
}
