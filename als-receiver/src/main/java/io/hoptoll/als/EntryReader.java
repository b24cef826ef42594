package io.hoptoll.als;

import io.hoptoll.als.Tags.ConnectionProperties;
import io.hoptoll.als.Tags.HTTPAccessLogEntry;
import io.hoptoll.als.Tags.HTTPRequestProperties;
import io.hoptoll.als.Tags.HTTPResponseProperties;
import io.hoptoll.als.Tags.MapEntry;
import io.hoptoll.als.Tags.TCPAccessLogEntry;
import io.hoptoll.als.Tags.UInt32Value;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One entry of either logger from the wire into {@link EntryFields}. */
final class EntryReader {
  private static final byte[] ATTEMPT = ascii("x-envoy-attempt-count");
  private static final byte[] TRACEPARENT = ascii("traceparent");
  private static final byte[] B3 = ascii("b3");
  private static final byte[] B3_TRACE = ascii("x-b3-traceid");
  private static final byte[] B3_SPAN = ascii("x-b3-spanid");
  private static final byte[] B3_SAMPLED = ascii("x-b3-sampled");
  private static final byte[] GRPC_STATUS = ascii("grpc-status");

  private EntryReader() {}

  static void http(WireReader in, EntryFields entry) throws WireException {
    entry.clear();
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case HTTPAccessLogEntry.COMMON_PROPERTIES -> CommonReader.read(in, entry);
        case HTTPAccessLogEntry.PROTOCOL_VERSION -> entry.protocolVersion = in.varint32();
        case HTTPAccessLogEntry.REQUEST -> request(in, entry);
        case HTTPAccessLogEntry.RESPONSE -> response(in, entry);
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
  }

  /** Of an HTTP entry only what it is about: request id, start and type. */
  static void outline(WireReader in, EntryFields entry) throws WireException {
    entry.clear();
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case HTTPAccessLogEntry.COMMON_PROPERTIES -> CommonReader.outline(in, entry);
        case HTTPAccessLogEntry.REQUEST -> requestOutline(in, entry);
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
  }

  private static void requestOutline(WireReader in, EntryFields entry) throws WireException {
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      if (tag == HTTPRequestProperties.REQUEST_ID) {
        entry.texts[EntryFields.REQUEST_ID] = in.text();
      } else {
        in.skip(tag);
      }
    }
    in.leave(outer);
  }

  static void tcp(WireReader in, EntryFields entry) throws WireException {
    entry.clear();
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case TCPAccessLogEntry.COMMON_PROPERTIES -> CommonReader.read(in, entry);
        case TCPAccessLogEntry.CONNECTION_PROPERTIES -> connection(in, entry);
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
  }

  private static void connection(WireReader in, EntryFields entry) throws WireException {
    entry.hasConnection = true;
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case ConnectionProperties.RECEIVED_BYTES ->
            entry.wireBytes[EntryFields.CONNECTION_RECEIVED] = in.varint64();
        case ConnectionProperties.SENT_BYTES ->
            entry.wireBytes[EntryFields.CONNECTION_SENT] = in.varint64();
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
  }

  private static void request(WireReader in, EntryFields entry) throws WireException {
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case HTTPRequestProperties.REQUEST_METHOD -> entry.requestMethod = in.varint32();
        case HTTPRequestProperties.AUTHORITY -> entry.texts[EntryFields.AUTHORITY] = in.text();
        case HTTPRequestProperties.PATH -> entry.texts[EntryFields.PATH] = in.text();
        case HTTPRequestProperties.ORIGINAL_PATH ->
            entry.texts[EntryFields.ORIGINAL_PATH] = in.text();
        case HTTPRequestProperties.REQUEST_ID -> entry.texts[EntryFields.REQUEST_ID] = in.text();
        case HTTPRequestProperties.REQUEST_HEADERS -> header(in, entry, tag);
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
  }

  private static void response(WireReader in, EntryFields entry) throws WireException {
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case HTTPResponseProperties.RESPONSE_CODE -> responseCode(in, entry);
        case HTTPResponseProperties.RESPONSE_CODE_DETAILS ->
            entry.texts[EntryFields.CODE_DETAILS] = in.text();
        case HTTPResponseProperties.RESPONSE_HEADERS, HTTPResponseProperties.RESPONSE_TRAILERS ->
            header(in, entry, tag);
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
  }

  private static void responseCode(WireReader in, EntryFields entry) throws WireException {
    entry.hasResponseCode = true;
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      if (tag == UInt32Value.VALUE) {
        entry.responseCode = in.varint32();
      } else {
        in.skip(tag);
      }
    }
    in.leave(outer);
  }

  /** One pair of the map {@code mapTag}; of equal keys the last counts. */
  private static void header(WireReader in, EntryFields entry, int mapTag) throws WireException {
    long key = Slice.EMPTY;
    long value = Slice.EMPTY;
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      switch (tag) {
        case MapEntry.KEY -> key = in.text();
        case MapEntry.VALUE -> value = in.text();
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
    int which = header(in, key, mapTag);
    if (which >= 0) {
      entry.texts[which] = value;
    }
  }

  private static int header(WireReader in, long key, int mapTag) {
    if (mapTag == HTTPRequestProperties.REQUEST_HEADERS) {
      return equal(in, key, ATTEMPT) ? EntryFields.ATTEMPT_HEADER : traceHeader(in, key);
    }
    if (!equal(in, key, GRPC_STATUS)) {
      return -1;
    }
    return mapTag == HTTPResponseProperties.RESPONSE_HEADERS
        ? EntryFields.GRPC_STATUS_HEADER
        : EntryFields.GRPC_STATUS_TRAILER;
  }

  private static int traceHeader(WireReader in, long key) {
    if (equal(in, key, TRACEPARENT)) {
      return EntryFields.TRACEPARENT;
    }
    if (equal(in, key, B3)) {
      return EntryFields.B3;
    }
    if (equal(in, key, B3_TRACE)) {
      return EntryFields.B3_TRACE;
    }
    if (equal(in, key, B3_SPAN)) {
      return EntryFields.B3_SPAN;
    }
    return equal(in, key, B3_SAMPLED) ? EntryFields.B3_SAMPLED : -1;
  }

  private static boolean equal(WireReader in, long slice, byte[] text) {
    int from = Slice.offset(slice);
    int length = Slice.length(slice);
    return length == text.length && Arrays.equals(in.bytes(), from, from + length, text, 0, length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
