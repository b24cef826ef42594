package io.hoptoll.correlator;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A URL path's segments without query, empty ones, and those that are ids by their looks. */
final class Segments {
  static final String ID = "{id}";
  private static final Pattern UUID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
  private static final Pattern HEX = Pattern.compile("\\p{XDigit}{8,}");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9_=+~-]{20,}");

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
    List<String> segments = new ArrayList<>();
    for (String part : path.substring(0, end).split("/")) {
      int parameters = part.indexOf(';');
      String segment = parameters < 0 ? part : part.substring(0, parameters);
      if (!segment.isEmpty()) {
        segments.add(isId(segment) ? ID : segment);
      }
    }
    return segments;
  }

  /** A number, a UUID, a hash, a token; or long with digits in it. */
  static boolean isId(String segment) {
    int length = segment.length();
    long digits = segment.chars().filter(c -> c >= '0' && c <= '9').count();
    return digits == length
        || length > LONGEST
        || (length >= 16 && digits >= 4)
        || (digits > 0 && HEX.matcher(segment).matches())
        || UUID.matcher(segment).matches()
        || (BASE64.matcher(segment).matches() && changes(segment) > CHANGES * length);
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
