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
  private final SidecarSpan.@Nullable Addresses[] sets =
      new SidecarSpan.Addresses[Limits.POOLED_ADDRESS_SETS];

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
        && known.downstreamDirectRemote().equals(direct)
        && known.downstreamRemote().equals(remote)
        && known.downstreamLocal().equals(local)
        && known.upstreamLocal().equals(upstreamLocal)
        && known.upstreamRemote().equals(upstreamRemote)) {
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
    long v4 =
        AddressDecoder.ipv4(
            in.bytes(), Slice.offset(text), Slice.offset(text) + Slice.length(text));
    return v4 >= 0 ? ipv4((int) v4, port) : AddressDecoder.literal(in.string(text), port);
  }

  private Endpoint ipv4(int ip, int port) {
    int slot = slot(ip, port) & endpoints.length - 1;
    Endpoint known = endpoints[slot];
    if (known != null && known.port() == port && known.isIpv4() && (int) known.ipLow() == ip) {
      return known;
    }
    Endpoint added = Endpoint.ofIpv4(ip, port);
    endpoints[slot] = added;
    return added;
  }

  private static int slot(long address, int port) {
    return (int) ((address << 16 ^ port) * SPREAD >>> 40);
  }
}
