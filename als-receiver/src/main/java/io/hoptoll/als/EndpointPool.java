package io.hoptoll.als;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.SpanDraft;
import org.jspecify.annotations.Nullable;

/**
 * Socket addresses as endpoints, equal ones as one object while they are in use: a service's
 * address is in every entry, a connection's in as many as it carries requests. A direct-mapped
 * cache, so a new endpoint takes another one's place. No endpoint's own memory is looked at before
 * it is known to be the one: of many it is in no cache. One thread.
 */
final class EndpointPool {
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  /** What tells an endpoint: the first eight bytes of its text, the others, length and port. */
  private static final int WORDS = 4;

  private final @Nullable Endpoint[] endpoints = new Endpoint[Limits.POOLED_ENDPOINTS];

  /** {@link #WORDS} a place, side by side. */
  private final long[] words = new long[WORDS * Limits.POOLED_ENDPOINTS];

  /** An entry's addresses. */
  void addresses(WireReader in, EntryFields entry, SpanDraft out) {
    Endpoint direct = endpoint(in, entry, EntryFields.DOWNSTREAM_DIRECT_REMOTE);
    out.addresses(
        direct,
        isDirect(in, entry) ? direct : endpoint(in, entry, EntryFields.DOWNSTREAM_REMOTE),
        endpoint(in, entry, EntryFields.DOWNSTREAM_LOCAL),
        endpoint(in, entry, EntryFields.UPSTREAM_LOCAL),
        endpoint(in, entry, EntryFields.UPSTREAM_REMOTE));
  }

  /** Whether the downstream address is the connection's own, as it is but behind a proxy. */
  private static boolean isDirect(WireReader in, EntryFields entry) {
    int direct = EntryFields.DOWNSTREAM_DIRECT_REMOTE;
    int downstream = EntryFields.DOWNSTREAM_REMOTE;
    return entry.isSocketAddress(direct)
        && entry.isSocketAddress(downstream)
        && entry.ports[direct] == entry.ports[downstream]
        && in.same(entry.addressTexts[direct], entry.addressTexts[downstream]);
  }

  /** {@link Endpoint#NONE} where absent, of another kind, or no literal address and port. */
  private Endpoint endpoint(WireReader in, EntryFields entry, int which) {
    int port = entry.ports[which];
    if (!entry.isSocketAddress(which) || port < 0 || port > 65_535) {
      return Endpoint.NONE;
    }
    long text = entry.addressTexts[which];
    int length = Slice.length(text);
    return length < 2 * Long.BYTES
        ? shortText(in, text, port)
        : AddressDecoder.literal(in.string(text), port);
  }

  /** Every IPv4 address, and short IPv6 ones: found by their text, without parsing it. */
  private Endpoint shortText(WireReader in, long text, int port) {
    int from = Slice.offset(text);
    int length = Slice.length(text);
    boolean two = length >= Long.BYTES;
    long head = two ? in.word(from) : in.word(from, length);
    long tail = two ? in.word(from + Long.BYTES, length - Long.BYTES) : 0;
    long lengthAndPort = (long) length << Short.SIZE | port;
    int place = slot(head * 31 + tail, lengthAndPort) & endpoints.length - 1;
    int at = WORDS * place;
    Endpoint known = endpoints[place];
    if (known != null
        && words[at] == head
        && words[at + 1] == tail
        && words[at + 2] == lengthAndPort) {
      return known;
    }
    Endpoint added = parse(in, text, port);
    endpoints[place] = added;
    words[at] = head;
    words[at + 1] = tail;
    words[at + 2] = lengthAndPort;
    return added;
  }

  private static Endpoint parse(WireReader in, long text, int port) {
    int from = Slice.offset(text);
    long v4 = AddressDecoder.ipv4(in.bytes(), from, from + Slice.length(text));
    return v4 >= 0
        ? Endpoint.ofIpv4((int) v4, port)
        : AddressDecoder.literal(in.string(text), port);
  }

  private static int slot(long one, long other) {
    long spread = (one * 31 ^ other) * SPREAD;
    return (int) (spread >>> 40);
  }
}
