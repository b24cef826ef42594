package io.hoptoll.als;

import io.hoptoll.model.LogStream;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SpanDraft;
import org.jspecify.annotations.Nullable;

/**
 * Spans out of {@link EntryFields}. Absent differs from zero: durations by their presence, numbers
 * by what proto3 leaves. Bodies are not used, so the swapped body counts of UpstreamEnd entries do
 * no harm. One thread.
 */
final class SpanBuilder {
  /** Names of {@code RequestMethod} by number; others are not named. */
  private static final String[] METHODS = {
    "", "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"
  };

  private final SpanDraft draft = new SpanDraft();
  private final NamePool names = new NamePool();
  private final IdPool ids = new IdPool();
  private final EndpointPool endpoints = new EndpointPool();
  private final SidecarSpan.@Nullable Outcome[] outcomes =
      new SidecarSpan.Outcome[Limits.POOLED_OUTCOMES];

  /** The span of an entry that {@link EntryFields#hasStart} and is of a kind that is used. */
  SidecarSpan build(WireReader in, EntryFields entry, LogStream sender, SidecarSpan.Kind kind) {
    times(entry);
    request(in, entry);
    wireBytes(entry);
    endpoints.addresses(in, entry, draft);
    return draft.span(
        sender,
        kind,
        EntryType.protocol(entry),
        entry.timeNanos(EntryFields.START),
        outcome(in, entry));
  }

  private void times(EntryFields entry) {
    draft.times(
        entry.timeNanos(EntryFields.LAST_RX),
        entry.timeNanos(EntryFields.FIRST_UPSTREAM_TX),
        entry.timeNanos(EntryFields.LAST_UPSTREAM_TX),
        entry.timeNanos(EntryFields.FIRST_UPSTREAM_RX),
        entry.timeNanos(EntryFields.LAST_UPSTREAM_RX),
        entry.timeNanos(EntryFields.FIRST_DOWNSTREAM_TX),
        entry.timeNanos(EntryFields.LAST_DOWNSTREAM_TX),
        entry.timeNanos(EntryFields.DURATION));
  }

  private void request(WireReader in, EntryFields entry) {
    long id = entry.texts[EntryFields.REQUEST_ID];
    long hash = in.hash(id);
    String requestId = ids.share(in, id, hash);
    int method = entry.requestMethod;
    String cluster = name(in, entry, EntryFields.UPSTREAM_CLUSTER);
    draft
        .request(requestId, hash, streamId(in, entry, requestId), traceparent(in, entry))
        .asked(
            method >= 0 && method < METHODS.length ? METHODS[method] : "",
            name(in, entry, EntryFields.AUTHORITY),
            name(in, entry, pathField(entry, cluster)),
            name(in, entry, EntryFields.ROUTE_NAME),
            cluster,
            name(in, entry, EntryFields.PEER_SAN))
        .numbers(
            number(in, entry.texts[EntryFields.ATTEMPT_HEADER], 0),
            number(
                in,
                entry.texts[EntryFields.GRPC_STATUS_TRAILER],
                number(in, entry.texts[EntryFields.GRPC_STATUS_HEADER], -1)));
  }

  /**
   * What was asked for. A route may have rewritten that: {@code path} is what it became, {@code
   * original_path} the header that Envoy then adds ({@code x-envoy-original-path}). The next
   * sidecar is sent that header too: at a server's {@code path} is what was asked for.
   */
  private static int pathField(EntryFields entry, String cluster) {
    boolean isRewritten = entry.texts[EntryFields.ORIGINAL_PATH] != Slice.EMPTY;
    boolean isServers = cluster.startsWith("inbound") || cluster.startsWith("Inbound");
    return isRewritten && !isServers ? EntryFields.ORIGINAL_PATH : EntryFields.PATH;
  }

  /** HTTP's stream id is the request id: then the same object. */
  private static String streamId(WireReader in, EntryFields entry, String requestId) {
    long slice = entry.texts[EntryFields.STREAM_ID];
    return in.same(slice, entry.texts[EntryFields.REQUEST_ID]) ? requestId : in.string(slice);
  }

  private SidecarSpan.Outcome outcome(WireReader in, EntryFields entry) {
    String details = name(in, entry, EntryFields.CODE_DETAILS, EntryFields.TERMINATION_DETAILS);
    String failure = name(in, entry, EntryFields.UPSTREAM_FAILURE, EntryFields.DOWNSTREAM_FAILURE);
    int code = entry.responseCode;
    int slot = (code * 31 + details.hashCode() + Long.hashCode(entry.flags)) & outcomes.length - 1;
    SidecarSpan.Outcome known = outcomes[slot];
    if (known != null
        && known.code() == code
        && known.flags() == entry.flags
        && known.attempts() == entry.attempts
        && known.details().equals(details)
        && known.failureReason().equals(failure)) {
      return known;
    }
    SidecarSpan.Outcome added =
        new SidecarSpan.Outcome(code, details, entry.flags, failure, entry.attempts);
    outcomes[slot] = added;
    return added;
  }

  /**
   * Envoys before 1.26 have no wire bytes, and the proto cannot tell absent from 0: four zeros are
   * taken as absent, and the TCP logger's own counts then stand in.
   */
  private void wireBytes(EntryFields entry) {
    long[] counts = entry.wireBytes;
    long downstreamReceived = counts[EntryFields.DOWNSTREAM_RECEIVED];
    long downstreamSent = counts[EntryFields.DOWNSTREAM_SENT];
    long upstreamReceived = counts[EntryFields.UPSTREAM_RECEIVED];
    long upstreamSent = counts[EntryFields.UPSTREAM_SENT];
    if ((downstreamReceived | downstreamSent | upstreamReceived | upstreamSent) != 0) {
      draft.bytes(downstreamReceived, downstreamSent, upstreamReceived, upstreamSent);
    } else if (entry.hasConnection) {
      draft.bytes(
          counts[EntryFields.CONNECTION_RECEIVED],
          counts[EntryFields.CONNECTION_SENT],
          Nanos.UNSET,
          Nanos.UNSET);
    } else {
      draft.bytes(Nanos.UNSET, Nanos.UNSET, Nanos.UNSET, Nanos.UNSET);
    }
  }

  private static String traceparent(WireReader in, EntryFields entry) {
    return TraceHeaders.traceparent(
        in.string(entry.texts[EntryFields.TRACEPARENT]),
        in.string(entry.texts[EntryFields.B3]),
        in.string(entry.texts[EntryFields.B3_TRACE]),
        in.string(entry.texts[EntryFields.B3_SPAN]),
        in.string(entry.texts[EntryFields.B3_SAMPLED]));
  }

  private String name(WireReader in, EntryFields entry, int which) {
    return names.share(in, entry.texts[which], which);
  }

  private String name(WireReader in, EntryFields entry, int which, int otherwise) {
    return name(in, entry, entry.texts[which] == Slice.EMPTY ? otherwise : which);
  }

  /** A header's small decimal number; {@code otherwise} where absent or no such number. */
  private static int number(WireReader in, long slice, int otherwise) {
    int length = Slice.length(slice);
    if (length == 0 || length > 9) {
      return otherwise;
    }
    byte[] bytes = in.bytes();
    int value = 0;
    for (int i = Slice.offset(slice); i < Slice.offset(slice) + length; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return otherwise;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
