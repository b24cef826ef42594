package io.hoptoll.als;

import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.Identifier;
import io.hoptoll.als.Tags.HTTPAccessLogEntries;
import io.hoptoll.als.Tags.StreamAccessLogsMessage;
import io.hoptoll.als.Tags.TCPAccessLogEntries;
import io.hoptoll.model.LogStream;
import io.hoptoll.model.SidecarSpan;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Messages as spans, from gRPC's bytes in one pass: {@link #open} one, ask who sends if that is not
 * known, then {@link #decode}. A message is used to its end or not at all, as protobuf would; so is
 * everything else of protobuf's rules (merging, the last of a oneof, unknown fields), with two
 * exceptions: what lies inside a field that Hoptoll does not read is not looked at, neither its
 * structure nor its UTF-8, and the identifier only in a stream's first message.
 *
 * <p>Of a request that its taker leaves out at the moment, no more is read than what tells that.
 *
 * <p>Reused for all streams of one event loop. One thread.
 */
final class MessageDecoder {
  /** Where the results go. */
  interface Output {
    void span(SidecarSpan span, boolean httpLog);

    void refused(Malformed reason);

    /** Whether requests are left out at the moment: then {@link #takes} is asked. */
    default boolean leavesOut() {
      return false;
    }

    /** As {@link io.hoptoll.model.SpanSink#takes}. */
    default boolean takes(long requestHash, long startWallNanos) {
      return true;
    }

    /** An entry of a request that is not taken. */
    default void leftOut(SidecarSpan.Kind kind) {}
  }

  private final WireReader in = new WireReader();
  private final EntryFields entry = new EntryFields();
  private final SpanBuilder builder = new SpanBuilder();
  private final HeldEntries held = new HeldEntries();
  private boolean leavesOut;
  private byte[] buffer = new byte[Limits.KEPT_BUFFER_BYTES >> 4];
  private byte[] message = buffer;
  private int length;
  private int logTag;

  /**
   * Takes a message's bytes and reads its outline.
   *
   * @throws WireException when the outline is not that of a message; says what and where
   */
  void open(InputStream bytes) throws IOException, WireException {
    take(bytes);
    logTag = 0;
    in.reset(message, length);
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      in.skip(tag);
      if (tag == StreamAccessLogsMessage.HTTP_LOGS || tag == StreamAccessLogsMessage.TCP_LOGS) {
        logTag = tag; // a oneof: the last counts
      }
    }
  }

  /** Size of the open message. */
  int length() {
    return length;
  }

  boolean hasEntries() {
    return logTag != 0;
  }

  /** Who sends, if the open message says so. */
  @Nullable Identifier identifier() throws WireException {
    IdentifierReader reader = null;
    in.reset(message, length);
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      if (tag == StreamAccessLogsMessage.IDENTIFIER) {
        reader = reader == null ? new IdentifierReader() : reader;
        reader.read(in);
      } else {
        in.skip(tag);
      }
    }
    return reader == null ? null : reader.build();
  }

  /** Reads the open message to its end and keeps nothing. */
  void check() throws WireException {
    walk(null, null);
  }

  /**
   * Hands on the open message's entries, all or (where it throws) none.
   *
   * @throws WireException when an entry cannot be read; says what and where
   */
  void decode(LogStream sender, Output output) throws WireException {
    leavesOut = output.leavesOut();
    if (length > Limits.HELD_MESSAGE_BYTES) {
      check();
      walk(sender, output);
      return;
    }
    walk(sender, held.before(output));
    held.handOn(logTag == StreamAccessLogsMessage.HTTP_LOGS);
  }

  /** Forgets the open message, and the memory of a large one. */
  void close() {
    message = buffer;
    length = 0;
    in.reset(buffer, 0);
  }

  private void walk(@Nullable LogStream sender, @Nullable Output output) throws WireException {
    in.reset(message, length);
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      if (tag == StreamAccessLogsMessage.HTTP_LOGS || tag == StreamAccessLogsMessage.TCP_LOGS) {
        boolean counts = tag == logTag;
        entries(tag, counts ? sender : null, counts ? output : null);
      } else {
        in.skip(tag);
      }
    }
  }

  private void entries(int log, @Nullable LogStream sender, @Nullable Output output)
      throws WireException {
    boolean http = log == StreamAccessLogsMessage.HTTP_LOGS;
    int entryTag = http ? HTTPAccessLogEntries.LOG_ENTRY : TCPAccessLogEntries.LOG_ENTRY;
    int outer = in.enter();
    for (int tag = in.tag(); tag != 0; tag = in.tag()) {
      if (tag != entryTag) {
        in.skip(tag);
        continue;
      }
      if (http && leavesOut && output != null && isLeftOut(output)) {
        continue;
      }
      if (http) {
        EntryReader.http(in, entry);
      } else {
        EntryReader.tcp(in, entry);
      }
      if (sender != null && output != null) {
        handOn(sender, output, http);
      }
    }
    in.leave(outer);
  }

  private void handOn(LogStream sender, Output output, boolean http) {
    if (!entry.hasStart()) {
      output.refused(Malformed.ENTRY_WITHOUT_START);
      return;
    }
    SidecarSpan.Kind kind = EntryType.kind(entry);
    if (kind == null) {
      output.refused(Malformed.ENTRY_UNSUPPORTED);
      return;
    }
    output.span(builder.build(in, entry, sender, kind), http);
  }

  /** Passes over the next entry if its request is not taken; what is of no use is refused later. */
  private boolean isLeftOut(Output output) throws WireException {
    int from = in.position();
    EntryReader.outline(in, entry);
    long id = entry.texts[EntryFields.REQUEST_ID];
    SidecarSpan.Kind kind = EntryType.kind(entry);
    if (id == Slice.EMPTY
        || kind == null
        || !entry.hasStart()
        || output.takes(in.hash(id), entry.timeNanos(EntryFields.START))) {
      in.back(from);
      return false;
    }
    output.leftOut(kind);
    return true;
  }

  /** One copy, out of Netty's buffers: an array is what the JIT reads fastest. */
  private void take(InputStream bytes) throws IOException {
    int known = Math.max(bytes.available(), 1); // gRPC's streams know their length (KnownLength)
    if (known > buffer.length && buffer.length < Limits.KEPT_BUFFER_BYTES) {
      buffer = new byte[Math.min(Limits.KEPT_BUFFER_BYTES, Integer.highestOneBit(known) << 1)];
    }
    message = known <= buffer.length ? buffer : new byte[known];
    length = 0;
    int got = bytes.read(message, 0, message.length);
    while (got >= 0) {
      length += got;
      if (length == message.length) {
        int next = bytes.read();
        if (next < 0) {
          return;
        }
        message = java.util.Arrays.copyOf(message, Math.multiplyExact(length, 2));
        message[length++] = (byte) next;
      }
      got = bytes.read(message, length, message.length - length);
    }
  }
}
