package io.hoptoll.agent.l7;

import io.hoptoll.model.HttpHead;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the head of an HTTP/1 message (RFC 9112): its first line and the fields of one list, no
 * others. A line whose end was not read counts only as the first one: half an id would be another
 * request's.
 */
public final class HttpHeads {
  /** Bytes looked at: what servers take as a request line at least (RFC 9112 3) fits. */
  static final int MAX_BYTES = 8_192;

  /** A longer value is no id and no host name (RFC 1035 2.3.4), and is left out. */
  static final int MAX_VALUE = 255;

  private static final String TRACE_ID = "x-b3-traceid";
  private static final String SPAN_ID = "x-b3-spanid";
  private static final String SAMPLED = "x-b3-sampled";

  /** Names of fields, in small letters. */
  static final Set<String> KEPT =
      Set.of("host", "x-request-id", "traceparent", "b3", TRACE_ID, SPAN_ID, SAMPLED);

  private static final Pattern REQUEST =
      Pattern.compile("([A-Z][A-Z-]{2,31}) ([\\x21-\\x7e]+) HTTP/1\\.[01]");

  /** Cut within it: then only by a method and a target that cannot be another protocol's words. */
  private static final Pattern REQUEST_BEGIN =
      Pattern.compile("([A-Z]{3,7}) ((?:/|\\*|https?:)[\\x21-\\x7e]*)(?: [HTP/.01]*\r?)?");

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: .*)?");

  /** Scheme and authority of an absolute target; the authority may hold a password. */
  private static final Pattern ORIGIN = Pattern.compile("^[a-z][a-z0-9+.-]*://[^/?#]*");

  private HttpHeads() {}

  /**
   * @param bytes the begin of a message
   * @return null where it is none of HTTP/1
   */
  public static @Nullable HttpHead parse(byte[] bytes) {
    int length = Math.min(bytes.length, MAX_BYTES);
    String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
    int end = text.indexOf("\n\n");
    boolean cut = end < 0;
    String[] lines = (cut ? text : text.substring(0, end)).split("\n", -1);
    int whole = cut ? lines.length - 1 : lines.length;
    Matcher status = STATUS.matcher(lines[0]);
    if (status.matches()) {
      return head("", "", Integer.parseInt(status.group(1)), fields(lines, whole), cut);
    }
    Matcher request = (whole > 0 ? REQUEST : REQUEST_BEGIN).matcher(lines[0]);
    boolean isRequest =
        request.matches() && (whole > 0 || Http1.METHODS.contains(request.group(1)));
    return isRequest
        ? head(request.group(1), path(request.group(2)), 0, fields(lines, whole), cut)
        : null;
  }

  static HttpHead head(
      String method, String path, int status, Map<String, String> fields, boolean cut) {
    return new HttpHead(
        method,
        path,
        status,
        fields.getOrDefault("host", ""),
        fields.getOrDefault("x-request-id", ""),
        fields.getOrDefault("traceparent", ""),
        b3(fields),
        cut);
  }

  /** By name in small letters; of a name that comes again, the first. */
  private static Map<String, String> fields(String[] lines, int whole) {
    Map<String, String> fields = new HashMap<>();
    for (int i = 1; i < whole; i++) {
      int colon = lines[i].indexOf(':');
      String name = colon < 0 ? "" : lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
      if (KEPT.contains(name)) {
        String value = lines[i].substring(colon + 1).strip();
        if (isKept(value)) {
          fields.putIfAbsent(name, value);
        }
      }
    }
    return fields;
  }

  static boolean isKept(String value) {
    return value.length() <= MAX_VALUE && value.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }

  /** The older fields in the form of the one (https://github.com/openzipkin/b3-propagation). */
  private static String b3(Map<String, String> fields) {
    String one = fields.getOrDefault("b3", "");
    if (!one.isEmpty() || !fields.containsKey(TRACE_ID) || !fields.containsKey(SPAN_ID)) {
      return one;
    }
    return String.join(
        "-",
        Stream.of(TRACE_ID, SPAN_ID, SAMPLED).map(fields::get).filter(v -> v != null).toList());
  }

  static String path(String target) {
    String path = ORIGIN.matcher(target).replaceFirst("");
    int end = 0;
    while (end < path.length() && path.charAt(end) != '?' && path.charAt(end) != '#') {
      end++;
    }
    return path.substring(0, end);
  }
}
