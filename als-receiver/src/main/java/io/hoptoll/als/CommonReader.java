package io.hoptoll.als;

import io.hoptoll.als.Tags.AccessLogCommon;
import io.hoptoll.als.Tags.Address;
import io.hoptoll.als.Tags.CertificateProperties;
import io.hoptoll.als.Tags.Duration;
import io.hoptoll.als.Tags.ResponseFlags;
import io.hoptoll.als.Tags.SocketAddress;
import io.hoptoll.als.Tags.SubjectAltName;
import io.hoptoll.als.Tags.TLSProperties;
import io.hoptoll.model.ResponseFlag;

/** {@code AccessLogCommon} from the wire into {@link EntryFields}. Each reads to its limit. */
final class CommonReader {
  /** By field number of {@code ResponseFlags}, from 1. */
  private static final ResponseFlag[] FLAGS = {
    ResponseFlag.LH,
    ResponseFlag.UH,
    ResponseFlag.UT,
    ResponseFlag.LR,
    ResponseFlag.UR,
    ResponseFlag.UF,
    ResponseFlag.UC,
    ResponseFlag.UO,
    ResponseFlag.NR,
    ResponseFlag.DI,
    ResponseFlag.FI,
    ResponseFlag.RL,
    ResponseFlag.UAEX,
    ResponseFlag.RLSE,
    ResponseFlag.DC,
    ResponseFlag.URX,
    ResponseFlag.SI,
    ResponseFlag.IH,
    ResponseFlag.DPE,
    ResponseFlag.UMSDR,
    ResponseFlag.RFCF,
    ResponseFlag.NFCF,
    ResponseFlag.DT,
    ResponseFlag.UPE,
    ResponseFlag.NC,
    ResponseFlag.OM,
    ResponseFlag.DF,
    ResponseFlag.DR
  };

  private CommonReader() {}

  static void read(WireReader in, EntryFields entry) throws WireException {
    int outer = in.enter();
    inOrder(in, entry);
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      if ((tag & Tags.WIRE_TYPE_MASK) == Tags.VARINT) {
        number(in, entry, tag);
      } else {
        text(in, entry, tag);
      }
      inOrder(in, entry);
    }
    in.leave(outer);
  }

  /** What comes in the order of field numbers, up to a field that is out of it, or of no use. */
  private static void inOrder(WireReader in, EntryFields entry) throws WireException {
    request(in, entry);
    upstream(in, entry);
    stream(in, entry);
  }

  private static void request(WireReader in, EntryFields entry) throws WireException {
    if (in.next(AccessLogCommon.DOWNSTREAM_REMOTE_ADDRESS)) {
      address(in, entry, EntryFields.DOWNSTREAM_REMOTE);
    }
    if (in.next(AccessLogCommon.DOWNSTREAM_LOCAL_ADDRESS)) {
      address(in, entry, EntryFields.DOWNSTREAM_LOCAL);
    }
    if (in.next(AccessLogCommon.TLS_PROPERTIES)) {
      tls(in, entry);
    }
    if (in.next(AccessLogCommon.START_TIME)) {
      time(in, entry, EntryFields.START);
    }
    if (in.next(AccessLogCommon.TIME_TO_LAST_RX_BYTE)) {
      time(in, entry, EntryFields.LAST_RX);
    }
    if (in.next(AccessLogCommon.TIME_TO_FIRST_UPSTREAM_TX_BYTE)) {
      time(in, entry, EntryFields.FIRST_UPSTREAM_TX);
    }
    if (in.next(AccessLogCommon.TIME_TO_LAST_UPSTREAM_TX_BYTE)) {
      time(in, entry, EntryFields.LAST_UPSTREAM_TX);
    }
    if (in.next(AccessLogCommon.TIME_TO_FIRST_UPSTREAM_RX_BYTE)) {
      time(in, entry, EntryFields.FIRST_UPSTREAM_RX);
    }
    if (in.next(AccessLogCommon.TIME_TO_LAST_UPSTREAM_RX_BYTE)) {
      time(in, entry, EntryFields.LAST_UPSTREAM_RX);
    }
    if (in.next(AccessLogCommon.TIME_TO_FIRST_DOWNSTREAM_TX_BYTE)) {
      time(in, entry, EntryFields.FIRST_DOWNSTREAM_TX);
    }
    if (in.next(AccessLogCommon.TIME_TO_LAST_DOWNSTREAM_TX_BYTE)) {
      time(in, entry, EntryFields.LAST_DOWNSTREAM_TX);
    }
  }

  private static void upstream(WireReader in, EntryFields entry) throws WireException {
    if (in.next(AccessLogCommon.UPSTREAM_REMOTE_ADDRESS)) {
      address(in, entry, EntryFields.UPSTREAM_REMOTE);
    }
    if (in.next(AccessLogCommon.UPSTREAM_LOCAL_ADDRESS)) {
      address(in, entry, EntryFields.UPSTREAM_LOCAL);
    }
    if (in.next(AccessLogCommon.UPSTREAM_CLUSTER)) {
      entry.texts[EntryFields.UPSTREAM_CLUSTER] = in.text();
    }
    if (in.next(AccessLogCommon.RESPONSE_FLAGS)) {
      flags(in, entry);
    }
    if (in.next(AccessLogCommon.ROUTE_NAME)) {
      entry.texts[EntryFields.ROUTE_NAME] = in.text();
    }
    if (in.next(AccessLogCommon.DOWNSTREAM_DIRECT_REMOTE_ADDRESS)) {
      address(in, entry, EntryFields.DOWNSTREAM_DIRECT_REMOTE);
    }
  }

  private static void stream(WireReader in, EntryFields entry) throws WireException {
    if (in.next(AccessLogCommon.DURATION)) {
      time(in, entry, EntryFields.DURATION);
    }
    if (in.next(AccessLogCommon.UPSTREAM_REQUEST_ATTEMPT_COUNT)) {
      entry.attempts = in.varint32();
    }
    if (in.next(AccessLogCommon.STREAM_ID)) {
      entry.texts[EntryFields.STREAM_ID] = in.text();
    }
    if (in.next(AccessLogCommon.DOWNSTREAM_WIRE_BYTES_SENT)) {
      entry.wireBytes[EntryFields.DOWNSTREAM_SENT] = in.varint64();
    }
    if (in.next(AccessLogCommon.DOWNSTREAM_WIRE_BYTES_RECEIVED)) {
      entry.wireBytes[EntryFields.DOWNSTREAM_RECEIVED] = in.varint64();
    }
    if (in.next(AccessLogCommon.UPSTREAM_WIRE_BYTES_SENT)) {
      entry.wireBytes[EntryFields.UPSTREAM_SENT] = in.varint64();
    }
    if (in.next(AccessLogCommon.UPSTREAM_WIRE_BYTES_RECEIVED)) {
      entry.wireBytes[EntryFields.UPSTREAM_RECEIVED] = in.varint64();
    }
    if (in.next(AccessLogCommon.ACCESS_LOG_TYPE)) {
      entry.accessLogType = in.varint32();
    }
  }

  /** No more than what {@link EntryReader#outline} is about. */
  static void outline(WireReader in, EntryFields entry) throws WireException {
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case AccessLogCommon.START_TIME -> time(in, entry, EntryFields.START);
        case AccessLogCommon.INTERMEDIATE_LOG_ENTRY, AccessLogCommon.ACCESS_LOG_TYPE ->
            number(in, entry, tag);
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
  }

  private static void number(WireReader in, EntryFields entry, int tag) throws WireException {
    long value = in.varint64();
    switch (tag) {
      case AccessLogCommon.UPSTREAM_REQUEST_ATTEMPT_COUNT -> entry.attempts = (int) value;
      case AccessLogCommon.INTERMEDIATE_LOG_ENTRY -> entry.intermediate = value != 0;
      case AccessLogCommon.DOWNSTREAM_WIRE_BYTES_SENT ->
          entry.wireBytes[EntryFields.DOWNSTREAM_SENT] = value;
      case AccessLogCommon.DOWNSTREAM_WIRE_BYTES_RECEIVED ->
          entry.wireBytes[EntryFields.DOWNSTREAM_RECEIVED] = value;
      case AccessLogCommon.UPSTREAM_WIRE_BYTES_SENT ->
          entry.wireBytes[EntryFields.UPSTREAM_SENT] = value;
      case AccessLogCommon.UPSTREAM_WIRE_BYTES_RECEIVED ->
          entry.wireBytes[EntryFields.UPSTREAM_RECEIVED] = value;
      case AccessLogCommon.ACCESS_LOG_TYPE -> entry.accessLogType = (int) value;
      default -> {} // of no use
    }
  }

  private static void text(WireReader in, EntryFields entry, int tag) throws WireException {
    switch (tag) {
      case AccessLogCommon.UPSTREAM_CLUSTER ->
          entry.texts[EntryFields.UPSTREAM_CLUSTER] = in.text();
      case AccessLogCommon.UPSTREAM_TRANSPORT_FAILURE_REASON ->
          entry.texts[EntryFields.UPSTREAM_FAILURE] = in.text();
      case AccessLogCommon.ROUTE_NAME -> entry.texts[EntryFields.ROUTE_NAME] = in.text();
      case AccessLogCommon.CONNECTION_TERMINATION_DETAILS ->
          entry.texts[EntryFields.TERMINATION_DETAILS] = in.text();
      case AccessLogCommon.STREAM_ID -> entry.texts[EntryFields.STREAM_ID] = in.text();
      case AccessLogCommon.DOWNSTREAM_TRANSPORT_FAILURE_REASON ->
          entry.texts[EntryFields.DOWNSTREAM_FAILURE] = in.text();
      default -> message(in, entry, tag);
    }
  }

  private static void message(WireReader in, EntryFields entry, int tag) throws WireException {
    switch (tag) {
      case AccessLogCommon.TIME_TO_LAST_RX_BYTE,
          AccessLogCommon.TIME_TO_FIRST_UPSTREAM_TX_BYTE,
          AccessLogCommon.TIME_TO_LAST_UPSTREAM_TX_BYTE,
          AccessLogCommon.TIME_TO_FIRST_UPSTREAM_RX_BYTE,
          AccessLogCommon.TIME_TO_LAST_UPSTREAM_RX_BYTE,
          AccessLogCommon.TIME_TO_FIRST_DOWNSTREAM_TX_BYTE,
          AccessLogCommon.TIME_TO_LAST_DOWNSTREAM_TX_BYTE ->
          time(
              in,
              entry,
              (tag - AccessLogCommon.TIME_TO_LAST_RX_BYTE >> Tags.NUMBER_SHIFT)
                  + EntryFields.LAST_RX);
      case AccessLogCommon.START_TIME -> time(in, entry, EntryFields.START);
      case AccessLogCommon.DURATION -> time(in, entry, EntryFields.DURATION);
      case AccessLogCommon.DOWNSTREAM_DIRECT_REMOTE_ADDRESS ->
          address(in, entry, EntryFields.DOWNSTREAM_DIRECT_REMOTE);
      case AccessLogCommon.DOWNSTREAM_REMOTE_ADDRESS ->
          address(in, entry, EntryFields.DOWNSTREAM_REMOTE);
      case AccessLogCommon.DOWNSTREAM_LOCAL_ADDRESS ->
          address(in, entry, EntryFields.DOWNSTREAM_LOCAL);
      case AccessLogCommon.UPSTREAM_LOCAL_ADDRESS -> address(in, entry, EntryFields.UPSTREAM_LOCAL);
      case AccessLogCommon.UPSTREAM_REMOTE_ADDRESS ->
          address(in, entry, EntryFields.UPSTREAM_REMOTE);
      case AccessLogCommon.RESPONSE_FLAGS -> flags(in, entry);
      case AccessLogCommon.TLS_PROPERTIES -> tls(in, entry);
      default -> in.skip(tag);
    }
  }

  private static void time(WireReader in, EntryFields entry, int which) throws WireException {
    if (!entry.hasTime(which) && in.plainTime()) {
      entry.time(which, in.lastSeconds(), in.lastNanos());
      return;
    }
    entry.timeOccurs(which);
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) { // of no encoder
      switch (tag) {
        case Duration.SECONDS -> entry.seconds[which] = in.varint64();
        case Duration.NANOS -> entry.nanos[which] = in.varint32();
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
  }

  private static void address(WireReader in, EntryFields entry, int which) throws WireException {
    entry.addressOccurs(which);
    int port = in.plainAddress();
    if (port >= 0) {
      entry.addressKind(which, true);
      entry.addressTexts[which] = in.lastText();
      entry.ports[which] = port;
      return;
    }
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case Address.SOCKET_ADDRESS -> {
          entry.addressKind(which, true);
          socketAddress(in, entry, which);
        }
        case Address.PIPE, Address.ENVOY_INTERNAL_ADDRESS -> {
          entry.addressKind(which, false);
          in.skip(tag);
        }
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
  }

  private static void socketAddress(WireReader in, EntryFields entry, int which)
      throws WireException {
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case SocketAddress.ADDRESS -> entry.addressTexts[which] = in.text();
        case SocketAddress.PORT_VALUE -> entry.ports[which] = in.varint32();
        case SocketAddress.NAMED_PORT -> { // a oneof: the number is gone
          in.text();
          entry.ports[which] = 0;
        }
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
  }

  private static void flags(WireReader in, EntryFields entry) throws WireException {
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      int number = tag >>> Tags.NUMBER_SHIFT;
      if (tag == ResponseFlags.UNAUTHORIZED_DETAILS) {
        in.skip(tag);
        entry.flag(ResponseFlag.UAEX.bit(), true);
      } else if ((tag & Tags.WIRE_TYPE_MASK) == Tags.VARINT
          && number <= FLAGS.length
          && FLAGS[number - 1] != ResponseFlag.UAEX) {
        entry.flag(FLAGS[number - 1].bit(), in.varint64() != 0);
      } else {
        in.skip(tag);
      }
    }
    in.leave(outer);
  }

  private static void tls(WireReader in, EntryFields entry) throws WireException {
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      if (tag == TLSProperties.PEER_CERTIFICATE_PROPERTIES) {
        certificate(in, entry);
      } else {
        in.skip(tag);
      }
    }
    in.leave(outer);
  }

  private static void certificate(WireReader in, EntryFields entry) throws WireException {
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      if (tag == CertificateProperties.SUBJECT_ALT_NAME) {
        long name = subjectAltName(in);
        if (entry.texts[EntryFields.PEER_SAN] == Slice.EMPTY) {
          entry.texts[EntryFields.PEER_SAN] = name;
        }
      } else {
        in.skip(tag);
      }
    }
    in.leave(outer);
  }

  /** A oneof of texts: the last counts. */
  private static long subjectAltName(WireReader in) throws WireException {
    long name = Slice.EMPTY;
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case SubjectAltName.URI, SubjectAltName.DNS -> name = in.text();
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
    return name;
  }
}
