package io.hoptoll.correlator;

import java.util.ArrayList;
import java.util.List;

/** A URL path's segments without query, empty ones, and those that are ids by their looks. */
final class Segments {
  static final String ID = "{id}";
  private static final int UUID_LENGTH = 36;
  private static final int SHORTEST_HEX = 8;
  private static final int SHORTEST_TOKEN = 20;

  /** Random letters change between upper, lower and digit at 62 % of the places, words at 30 %. */
  private static final double CHANGES = 0.4;

  /** No name that a person gave is longer. */
  private static final int LONGEST = 128;

  private Segments() {}

  static List<String> of(String path) {
    int end = path.length();
    for (char mark : new char[] {'?', '#'}) {
      int at = path.indexOf(mark);
      end = at >= 0 ? Math.min(end, at) : end;
    }
    List<String> segments = new ArrayList<>(6);
    for (int from = 0; from < end; ) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? end : Math.min(slash, end);
      int parameters = path.indexOf(';', from);
      int last = parameters < 0 ? to : Math.min(parameters, to);
      if (last > from) {
        String segment = path.substring(from, last);
        segments.add(isId(segment) ? ID : segment);
      }
      from = to + 1;
    }
    return segments;
  }

  /** A number, a UUID, a hash, a token; or long with digits in it. */
  static boolean isId(String segment) {
    int length = segment.length();
    int digits = 0;
    int hex = 0;
    int base64 = 0;
    for (int i = 0; i < length; i++) {
      char c = segment.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      char lower = (char) (c | 0x20);
      digits += digit ? 1 : 0;
      hex += digit || lower >= 'a' && lower <= 'f' ? 1 : 0;
      base64 += digit || lower >= 'a' && lower <= 'z' || "_=+~-".indexOf(c) >= 0 ? 1 : 0;
    }
    return digits == length
        || length > LONGEST
        || (length >= 16 && digits >= 4)
        || (digits > 0 && length >= SHORTEST_HEX && hex == length)
        || (length == UUID_LENGTH && isUuid(segment, hex))
        || (length >= SHORTEST_TOKEN && base64 == length && changes(segment) > CHANGES * length);
  }

  /** 8-4-4-4-12 hexadecimal digits (RFC 9562). */
  private static boolean isUuid(String segment, int hexDigits) {
    return hexDigits == UUID_LENGTH - 4
        && segment.charAt(8) == '-'
        && segment.charAt(13) == '-'
        && segment.charAt(18) == '-'
        && segment.charAt(23) == '-';
  }

  private static int changes(String segment) {
    int changes = 0;
    for (int i = 1; i < segment.length(); i++) {
      changes += kind(segment.charAt(i)) == kind(segment.charAt(i - 1)) ? 0 : 1;
    }
    return changes;
  }

  private static int kind(char c) {
    return Character.isDigit(c)
        ? 0
        : Character.isUpperCase(c) ? 1 : Character.isLowerCase(c) ? 2 : 3;
  }
}
