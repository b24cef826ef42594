package io.hoptoll.als;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the receiver listens on.
 *
 * @param listen {@code host:port} (port 0 takes a free one) or {@code unix:/absolute/path}
 * @param maxMessageBytes a larger message ends its stream with RESOURCE_EXHAUSTED
 * @param readingBytes what all messages that are arriving may hold together; a large message beyond
 *     that ends its stream with RESOURCE_EXHAUSTED
 * @param tls of the TCP ports; null: plaintext
 */
public record AlsConfig(
    List<String> listen, int maxMessageBytes, long readingBytes, @Nullable AlsTls tls) {
  /**
   * Checks everything that can be checked without a socket.
   *
   * @throws IllegalArgumentException on an empty list, a target that is neither form, or a limit
   *     that Istio's identifier would not pass
   */
  public AlsConfig {
    listen = List.copyOf(listen);
    if (listen.isEmpty()) {
      throw new IllegalArgumentException("ALS listens on nothing; give host:port or unix:/path");
    }
    listen.forEach(ListenAddress::parse);
    if (maxMessageBytes < Limits.MESSAGE_BYTES_MIN) {
      throw new IllegalArgumentException(
          "maxMessageBytes %d is below %d: an Istio sidecar's first message would not fit"
              .formatted(maxMessageBytes, Limits.MESSAGE_BYTES_MIN));
    }
    if (readingBytes < maxMessageBytes) {
      throw new IllegalArgumentException(
          "readingBytes %d is below maxMessageBytes %d: no message of that size could ever be read"
              .formatted(readingBytes, maxMessageBytes));
    }
  }

  /** With room for all arriving messages as the JVM's memory gives it. */
  public AlsConfig(List<String> listen, int maxMessageBytes, @Nullable AlsTls tls) {
    this(listen, maxMessageBytes, Math.max(maxMessageBytes, roomForReading()), tls);
  }

  /** With the usual limit of 64 MiB a message. */
  public static AlsConfig listeningOn(List<String> listen) {
    return new AlsConfig(listen, Limits.MESSAGE_BYTES, null);
  }

  private static long roomForReading() {
    return Math.min(Limits.READING_BYTES, Runtime.getRuntime().maxMemory() / Limits.READING_SHARE);
  }
}
