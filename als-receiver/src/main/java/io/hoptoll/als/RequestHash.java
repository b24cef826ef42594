package io.hoptoll.als;

import java.nio.charset.StandardCharsets;

/**
 * The 64 bits of a request's id with which {@link io.hoptoll.model.SpanSink#takes} is asked, for
 * entries that come another way.
 */
public final class RequestHash {
  private RequestHash() {}

  /** The same as of the bytes of the id in an access log message. */
  public static long of(String requestId) {
    byte[] id = requestId.getBytes(StandardCharsets.UTF_8);
    WireReader in = new WireReader();
    in.reset(id, id.length);
    return in.hash(Slice.of(0, id.length));
  }
}
