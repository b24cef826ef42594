package io.hoptoll.als;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.SidecarSpan;
import org.jspecify.annotations.Nullable;

/**
 * Socket addresses as endpoints, equal ones as one object while they are in use: a service's
 * address is in every entry, a connection's in as many as it carries requests. A direct-mapped
 * cache, so a new endpoint takes another one's place. One thread.
 */
final class EndpointPool {
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private final @Nullable Endpoint[] endpoints = new Endpoint[Limits.POOLED_ENDPOINTS];
  private final long[] heads = new long[Limits.POOLED_ENDPOINTS];
  private final long[] tails = new long[Limits.POOLED_ENDPOINTS];
  private final int[] ports = new int[Limits.POOLED_ENDPOINTS];
  private final SidecarSpan.@Nullable Addresses[] sets =
      new SidecarSpan.Addresses[Limits.POOLED_ADDRESS_SETS];

  @SuppressWarnings("ReferenceEquality") // pooled; where not, one more set is made
  SidecarSpan.Addresses addresses(WireReader in, EntryFields entry) {
    Endpoint direct = endpoint(in, entry, EntryFields.DOWNSTREAM_DIRECT_REMOTE);
    Endpoint remote = endpoint(in, entry, EntryFields.DOWNSTREAM_REMOTE);
    Endpoint local = endpoint(in, entry, EntryFields.DOWNSTREAM_LOCAL);
    Endpoint upstreamLocal = endpoint(in, entry, EntryFields.UPSTREAM_LOCAL);
    Endpoint upstreamRemote = endpoint(in, entry, EntryFields.UPSTREAM_REMOTE);
    int slot =
        slot(
                direct.ipLow() * 31 + upstreamLocal.ipLow(),
                direct.port() << 16 ^ upstreamLocal.port())
            & sets.length - 1;
    SidecarSpan.Addresses known = sets[slot];
    if (known != null
        && known.downstreamDirectRemote() == direct
        && known.downstreamRemote() == remote
        && known.downstreamLocal() == local
        && known.upstreamLocal() == upstreamLocal
        && known.upstreamRemote() == upstreamRemote) {
      return known;
    }
    SidecarSpan.Addresses added =
        new SidecarSpan.Addresses(direct, remote, local, upstreamLocal, upstreamRemote);
    sets[slot] = added;
    return added;
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
    int portAndLength = length << Short.SIZE | port;
    int slot = slot(head * 31 + tail, portAndLength) & endpoints.length - 1;
    Endpoint known = endpoints[slot];
    if (known != null
        && heads[slot] == head
        && tails[slot] == tail
        && ports[slot] == portAndLength) {
      return known;
    }
    Endpoint added = parse(in, text, port);
    endpoints[slot] = added;
    heads[slot] = head;
    tails[slot] = tail;
    ports[slot] = portAndLength;
    return added;
  }

  private static Endpoint parse(WireReader in, long text, int port) {
    int from = Slice.offset(text);
    long v4 = AddressDecoder.ipv4(in.bytes(), from, from + Slice.length(text));
    return v4 >= 0
        ? Endpoint.ofIpv4((int) v4, port)
        : AddressDecoder.literal(in.string(text), port);
  }

  private static int slot(long address, int port) {
    long spread = (address ^ port) * SPREAD;
    return (int) (spread >>> 40);
  }
}
