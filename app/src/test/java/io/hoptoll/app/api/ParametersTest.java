package io.hoptoll.app.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.correlator.Against;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParametersTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @Test
  void theLastTenSecondsUpToNowAndTenMinutesOfBaselineByDefault() {
    Parameters p = parse(Map.of("path", "/productpage"));
    assertEquals(NOW.getEpochSecond() + 1, p.range().toSecond());
    assertEquals(p.range().toSecond() - 10, p.range().fromSecond());
    assertEquals(p.range().fromSecond() - 600, p.against().fromSecond());
    assertTrue(p.fromRank() < 0);
  }

  @Test
  void aRangeByInstants() {
    Parameters p =
        parse(
            Map.of(
                "path",
                "/",
                "from",
                "2026-11-23T11:00:00Z",
                "to",
                "2026-11-23T11:30:00Z",
                "quantile",
                "0.9",
                "baseline",
                "1h"));
    assertEquals(1_800, p.range().seconds());
    assertEquals(3_600, p.range().fromSecond() - p.against().fromSecond());
    assertEquals(0.9, p.fromRank());
  }

  @Test
  void theSameTimeAnHourAgo() {
    Parameters p = parse(Map.of("path", "/", "window", "5m", "compare", "1h-ago"));
    long from = p.range().fromSecond() - 3_600;
    assertEquals(Against.range(from, from + 300), p.against());
  }

  @Test
  void twoRanges() {
    Parameters p =
        parse(
            Map.of(
                "path",
                "/",
                "before",
                "2026-11-23T10:00:00Z/2026-11-23T10:20:00Z",
                "after",
                "2026-11-23T11:00:00Z/2026-11-23T11:10:00Z"));
    long after = Instant.parse("2026-11-23T11:00:00Z").getEpochSecond();
    assertEquals(new Range(after, after + 600), p.range());
    assertEquals(Against.range(after - 3_600, after - 2_400), p.against());
  }

  @ParameterizedTest
  @CsvSource({
    "path, productpage, begins with /",
    "window, soon, a duration",
    "window, 0s, between 1s and 24h",
    "window, 25h, between 1s and 24h",
    "from, yesterday, RFC 3339",
    "to, 12:00, RFC 3339",
    "from, 2027-01-01T00:00:00Z, before to",
    "quantile, 1, from 0 to below 1",
    "quantile, p99, from 0 to below 1",
    "baseline, -5m, a duration",
    "compare, yesterday, such as 1h-ago",
    "compare, soon-ago, a duration",
    "before, 2026-11-23T11:00:00Z, two RFC 3339 times",
    "after, 2026-11-23T11:00:00Z/soon, two RFC 3339 times"
  })
  void eachRefusalNamesTheParameterAndShowsARightOne(String name, String value, String words) {
    Map<String, String> query =
        name.equals("path") ? Map.of(name, value) : Map.of("path", "/", name, value);
    Problem refused = assertThrows(Problem.class, () -> parse(query));
    assertEquals(400, refused.status());
    String json = refused.toJson().encode();
    assertTrue(json.contains(words), json);
    assertEquals(name, refused.toJson().getString("parameter"));
    assertTrue(refused.toJson().getString("example").startsWith("/api/v1/diagnosis?path="), json);
  }

  private static Parameters parse(Map<String, String> query) {
    return Parameters.parse(query::get, NOW);
  }
}
