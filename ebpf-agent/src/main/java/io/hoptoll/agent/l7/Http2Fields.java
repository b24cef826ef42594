package io.hoptoll.agent.l7;

import io.hoptoll.agent.l7.Http2Heads.StreamHead;
import io.hoptoll.model.HttpHead;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is kept of a head's fields (RFC 9113 8.3): those of HTTP/1, and of gRPC its status. */
final class Http2Fields {
  private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]{2,31}");
  private static final Pattern TARGET = Pattern.compile("[\\x21-\\x7e]+");
  private static final Pattern STATUS = Pattern.compile("[1-9][0-9]{0,2}");

  /** Not gRPC-Web, whose trailers are in DATA. */
  private static final Pattern GRPC = Pattern.compile("application/grpc(?:[+;].*)?");

  /** Of gRPC: what a code that it does not have is taken for. */
  private static final int GRPC_UNKNOWN = 2;

  private static final int GRPC_MAX = 16;
  private static final int MAX_PATH = 512;
  private static final int LEAST_FINAL = 200;

  private Http2Fields() {}

  /** Null where they are trailers. */
  static @Nullable StreamHead request(int stream, Http2Headers fields) {
    String method = text(fields.method());
    if (!METHOD.matcher(method).matches()) {
      return null;
    }
    String target = text(fields.path());
    String path = TARGET.matcher(target).matches() ? HttpHeads.path(target) : "";
    boolean cut = path.length() > MAX_PATH;
    Map<String, String> kept = kept(fields);
    return new StreamHead(
        stream,
        HttpHeads.head(method, cut ? path.substring(0, MAX_PATH) : path, 0, kept, cut),
        false);
  }

  /**
   * Null where it is none, as 103 (Early Hints) and trailers that say nothing.
   *
   * @param ends of the stream: gRPC's status came, if it comes
   */
  static @Nullable StreamHead answer(int stream, Http2Headers fields, boolean ends) {
    int status = number(fields.status());
    CharSequence grpc = fields.get("grpc-status");
    boolean isGrpc = GRPC.matcher(text(fields.get("content-type"))).matches();
    if (grpc != null && ends) {
      int of = grpcStatus(text(grpc));
      status = of != 0 ? of : status == 0 ? LEAST_FINAL : status;
    } else if (status < LEAST_FINAL) {
      return null;
    }
    HttpHead head = HttpHeads.head("", "", status, Map.of(), false);
    return new StreamHead(stream, head, ends || !isGrpc);
  }

  /** Of a name that comes again, the first. */
  private static Map<String, String> kept(Http2Headers fields) {
    Map<String, String> kept = new HashMap<>();
    String authority = text(fields.authority());
    if (!authority.isEmpty() && HttpHeads.isKept(authority)) {
      kept.put("host", authority);
    }
    for (String name : HttpHeads.KEPT) {
      String value = text(fields.get(name)).strip();
      if (!value.isEmpty() && HttpHeads.isKept(value)) {
        kept.putIfAbsent(name, value);
      }
    }
    return kept;
  }

  private static int grpcStatus(String code) {
    int of = number(code);
    return code.equals("0") || of > 0 && of <= GRPC_MAX ? of : GRPC_UNKNOWN;
  }

  private static int number(@Nullable CharSequence digits) {
    String text = text(digits);
    return STATUS.matcher(text).matches() ? Integer.parseInt(text) : 0;
  }

  /** A copy: what toString() makes stays in the table with its value. */
  private static String text(@Nullable CharSequence value) {
    return value == null ? "" : new StringBuilder(value).toString();
  }
}
