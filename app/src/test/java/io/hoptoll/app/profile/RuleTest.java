package io.hoptoll.app.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules and thresholds. */
class RuleTest {
  /** Against java.util.regex, for all short patterns and texts of two letters. */
  @Test
  void aGlobMatchesAsTheRegularExpressionDoes() {
    for (String pattern : words("ab*", 4)) {
      String regex =
          pattern
              .chars()
              .mapToObj(c -> c == '*' ? ".*" : "" + (char) c)
              .collect(Collectors.joining());
      Pattern expected = Pattern.compile(regex);
      for (String text : words("ab", 5)) {
        assertEquals(
            expected.matcher(text).matches(),
            Glob.matches(pattern, text),
            () -> pattern + " on " + text);
      }
    }
  }

  private static java.util.List<String> words(String letters, int length) {
    java.util.List<String> all = Stream.of("").collect(Collectors.toList());
    for (int from = 0, n = 0; n < length; n++) {
      int to = all.size();
      for (; from < to; from++) {
        for (char c : letters.toCharArray()) {
          all.add(all.get(from) + c);
        }
      }
    }
    return all;
  }

  @Test
  void allOfARuleHolds() {
    Rule rule = new Rule("/a/*", 100, Set.of(5, 0));
    assertTrue(rule.matches("/a/b?c=d", 503, 100));
    assertTrue(rule.matches("/a/", 0, 100));
    assertFalse(rule.matches("/a/b", 503, 99));
    assertFalse(rule.matches("/a/b", 404, 100));
    assertFalse(rule.matches("/b", 503, 100));
    assertTrue(new Rule("", 0, Set.of()).matches("/x", 200, 0));
  }

  @Test
  void grpcsErrorsAreTheServersOrTheClients() {
    Rule server = new Rule("", 0, Set.of(5));
    Rule client = new Rule("", 0, Set.of(4));
    assertTrue(server.matches("/a", 14, 0) && !client.matches("/a", 14, 0), "UNAVAILABLE");
    assertTrue(client.matches("/a", 5, 0) && !server.matches("/a", 5, 0), "NOT_FOUND");
  }

  @Test
  void aThresholdIsExceededNotReached() {
    double none = Double.NaN;
    Trigger trigger = new Trigger(0.1, none, 2, none, 10, 5);
    assertNull(trigger.reason(new PodMeter.Reading(100, 0.1, 1e12, 2, 1)));
    assertNull(trigger.reason(new PodMeter.Reading(4, 0.9, 0, 0, 0)), "too few requests");
    assertEquals(
        "error rate 0.200 > 0.100 over 10 s",
        trigger.reason(new PodMeter.Reading(5, 0.2, 0, 0, 0)));
    assertEquals(
        "CPU 2.50 > 2.00 over 10 s", trigger.reason(new PodMeter.Reading(0, 0, 0, 2.5, 0)));
  }
}
