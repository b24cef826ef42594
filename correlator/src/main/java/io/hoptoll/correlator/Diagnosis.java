package io.hoptoll.correlator;

import io.hoptoll.correlator.Sensitivity.Part;
import io.hoptoll.correlator.Verdict.Finding;
import io.hoptoll.correlator.Verdict.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Windows → {@link Verdict}. Compares the composition of the slow part of the requests with the
 * same part of the baseline: which legs grew, whose they are, and which rule explains them.
 */
final class Diagnosis {
  /**
   * @param fromSecond first second of the range (wall clock)
   * @param toSecond first second after it
   * @param against where to look for the baseline
   * @param fromRank the part the user asks for (0.5 = slower half), negative: Hoptoll chooses
   * @param live requests that have not ended, if the range reaches to the present
   */
  record Query(
      String path,
      long fromSecond,
      long toSecond,
      Against against,
      double fromRank,
      Hanging.Live live) {}

  private final Windows windows;
  private final Sensitivity sensitivity;

  Diagnosis(Windows windows, Sensitivity sensitivity) {
    this.windows = windows;
    this.sensitivity = sensitivity;
  }

  Verdict diagnose(Query query, double joinedShare) {
    Collection<Window> range = windows.between(query.fromSecond(), query.toSecond());
    Against against = windows.widened(query.against());
    Collection<Window> past = windows.past(against);
    PathWindow current =
        PathWindow.merge(
            range.stream()
                .map(w -> w.path(query.path()))
                .filter(java.util.Objects::nonNull)
                .toList());
    Baseline baseline =
        against.given()
            ? Baseline.given(past, query.path(), sensitivity.minRequests())
            : Baseline.of(past, query.path());
    Comparison whole = new Comparison(current, baseline, Part.HALF);
    Suspects suspects = new Suspects(windows.owners(), query.path(), range, past);
    boolean isUnread = query.path().equals(Routes.UNREAD);
    List<Finding> failed =
        isUnread
            ? FailureFindings.of(
                current, baseline, requests(range), requests(past), suspects::failing)
            : FailureFindings.of(current, baseline, suspects::failing);
    Answer answer =
        withFailures(answer(query, current, baseline, suspects), current, baseline, failed);
    List<String> doubts =
        Doubts.of(current.count(), baseline, whole, range, joinedShare, sensitivity);
    Hanging.Found hanging = hanging(query, current, baseline, past);
    answer = withHanging(answer, hanging);
    doubts.addAll(hanging.doubts());
    return new Verdict(
        query.path(),
        query.fromSecond() * 1_000_000_000L,
        query.toSecond() * 1_000_000_000L,
        current.count(),
        answer.status(),
        answer.headline(),
        answer.findings(),
        answer.comparison().legs(),
        totals(current, baseline),
        against,
        AlsAlone.blame(answer.comparison()),
        current.count() == 0 && hanging.leads()
            ? Doubts.socketsAlone(doubts)
            : Doubts.confidence(
                current.count(), baseline, answer.comparison(), range, joinedShare, doubts));
  }

  /** Of all paths: any of them may not be read, and nearly all that are not have failed. */
  private static long requests(Collection<Window> windows) {
    long[] sum = {0};
    windows.forEach(w -> w.eachPath((path, own) -> sum[0] += own.count()));
    return sum[0];
  }

  private record Answer(
      Status status, String headline, List<Finding> findings, Comparison comparison) {}

  private Answer answer(Query query, PathWindow current, Baseline baseline, Suspects suspects) {
    Comparison half = new Comparison(current, baseline, Part.HALF);
    if (current.count() < sensitivity.minRequests()) {
      String headline = tooFew(query.path(), current.count(), baseline.isKnown());
      return new Answer(Status.INSUFFICIENT_DATA, headline, List.of(), half);
    }
    if (query.against().given() && !baseline.isKnown()) {
      String headline =
          "insufficient data: fewer than "
              + sensitivity.minRequests()
              + " requests of "
              + query.path()
              + " in the time to compare with; choose one with traffic that is still kept";
      return new Answer(Status.INSUFFICIENT_DATA, headline, List.of(), half);
    }
    if (query.fromRank() >= 0) {
      Comparison asked = new Comparison(current, baseline, query.fromRank(), 1);
      return grown(suspects.largest(asked), asked);
    }
    return chosen(current, baseline, suspects, half);
  }

  /** A path that had requests and has none is news, and a longer window no help. */
  private String tooFew(String path, long requests, boolean hadMore) {
    return requests == 0 && hadMore
        ? "insufficient data: no request of "
            + path
            + " ended in the range, and before there were many: they hang, nobody sends them, or"
            + " access logs do not arrive (see health)"
        : "insufficient data: "
            + requests
            + " requests of "
            + path
            + " in the range, "
            + sensitivity.minRequests()
            + " needed; choose a longer window";
  }

  /**
   * The parts in which someone certainly grew. The broadest one is shown, unless who lost most lost
   * it in a narrower one.
   */
  private Answer chosen(PathWindow current, Baseline baseline, Suspects suspects, Comparison half) {
    List<Finding> findings = new ArrayList<>();
    Comparison shown = null;
    for (Part part : Part.values()) {
      Comparison c = new Comparison(current, baseline, part);
      boolean novel = shown == null || c.excessNanos() > 3 * shown.excessNanos();
      if (current.count() >= part.minRequests && novel) {
        List<Finding> more = suspicious(part, c, baseline, suspects);
        boolean isWorse = add(findings, more);
        shown = shown == null ? (more.isEmpty() ? null : c) : (isWorse ? c : shown);
      }
    }
    if (shown == null) {
      add(findings, suspects.standing(half, sensitivity.standingNanos()));
    }
    return grown(findings, shown == null ? half : shown);
  }

  private List<Finding> suspicious(Part part, Comparison c, Baseline baseline, Suspects suspects) {
    if (baseline.isKnown()) {
      return suspects.grown(c, part, baseline);
    }
    boolean slow = part == Part.HALF && c.waitedNanos() > sensitivity.slowNanos();
    return slow ? suspects.largest(c) : List.of();
  }

  /**
   * Adds the findings of a narrower part: of actors not told yet, and of those whom it shows losing
   * more. A fifth of the calls, all much slower, is a little in the slower half and nearly all of
   * the slowest tenth.
   *
   * @return whether it so tells better of the first
   */
  static boolean add(List<Finding> all, List<Finding> more) {
    Map<Actor, Double> before = lostByActor(all);
    Map<Actor, Double> now = lostByActor(more);
    double most = before.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    boolean isWorse = false;
    for (Map.Entry<Actor, Double> e : now.entrySet()) {
      double known = before.getOrDefault(e.getKey(), 0.0);
      if (e.getValue() > known) {
        all.removeIf(f -> f.actor().equals(e.getKey()));
        more.stream().filter(f -> f.actor().equals(e.getKey())).forEach(all::add);
        isWorse |= known > 0 && known >= most;
      }
    }
    return isWorse;
  }

  /** What each actor cost a request of the path in the mean, ns. */
  private static Map<Actor, Double> lostByActor(List<Finding> findings) {
    return findings.stream()
        .collect(Collectors.groupingBy(Finding::actor, Collectors.summingDouble(f -> lost(f))));
  }

  private static double lost(Finding f) {
    return f.excessNanos() * f.affected();
  }

  private static Answer grown(List<Finding> findings, Comparison comparison) {
    List<Finding> ranked = new ArrayList<>(findings);
    ranked.sort(Comparator.comparingDouble((Finding f) -> lost(f)).reversed());
    Finding first = ranked.isEmpty() ? null : ranked.get(0);
    Status status = first == null ? Status.HEALTHY : Status.DEGRADED;
    return new Answer(status, headline(first, comparison), ranked, comparison);
  }

  private static String headline(@Nullable Finding f, Comparison c) {
    if (f == null) {
      return "healthy: no leg grew beyond this path's own noise; largest is "
          + (c.legs().isEmpty() ? "none" : c.legs().get(0).leg() + " of " + c.legs().get(0).edge());
    }
    return Words.blame(f)
        + "+"
        + Words.millis(f.excessNanos())
        + " in the slower "
        + Words.percent(f.affected());
  }

  /**
   * Failures come first: a request that failed fast is no healthy one. But who gave up waited for
   * somebody: where that one is known, it takes their place.
   */
  private static Answer withFailures(
      Answer answer, PathWindow current, Baseline baseline, List<Finding> failures) {
    if (failures.isEmpty() || answer.status() == Status.INSUFFICIENT_DATA) {
      return answer;
    }
    List<Finding> failed = new ArrayList<>(failures);
    failed.sort(Comparator.comparingDouble(Finding::affected).reversed());
    GivenUp givenUp = new GivenUp(failed, answer.findings(), baseline.isKnown(), current.slots);
    List<Finding> all = new ArrayList<>(failed);
    all.removeAll(givenUp.explained());
    boolean waitedFor = all.isEmpty();
    all.addAll(givenUp.waits());
    all.addAll(givenUp.explained());
    String headline =
        waitedFor
            ? waitedFor(headline(all.get(0), answer.comparison()), failed)
            : headline(all.get(0));
    return new Answer(Status.DEGRADED, headline, all, answer.comparison());
  }

  private static String waitedFor(String headline, List<Finding> gaveUp) {
    String share = Words.percent(gaveUp.get(0).affected());
    return headline + "; " + share + " of the requests given up";
  }

  private static String headline(Finding first) {
    return Words.blame(first) + Words.percent(first.affected()) + " of the requests hit";
  }

  /** Where a path has lost most of its requests to those that hang, the ended ones say little. */
  private Answer withHanging(Answer answer, Hanging.Found hanging) {
    if (!hanging.leads()) {
      return answer;
    }
    List<Finding> all = new ArrayList<>(hanging.findings());
    answer.findings().stream().filter(f -> !tells(hanging.findings(), f)).forEach(all::add);
    return new Answer(Status.DEGRADED, hanging.headline(), all, answer.comparison());
  }

  private static boolean tells(List<Finding> all, Finding one) {
    return all.stream().anyMatch(f -> f.kind() == one.kind() && f.actor().equals(one.actor()));
  }

  private Hanging.Found hanging(
      Query query, PathWindow current, Baseline baseline, Collection<Window> past) {
    if (query.live().requests().isEmpty()) {
      return Hanging.Found.NOTHING;
    }
    PathWindow well = baseline.merged();
    return new Hanging(
            windows.owners(),
            query.path(),
            edges(current, well),
            new Hanging.Well(well.quantile(0.99), perSecond(past, query.path())),
            query.live())
        .found(windows::between);
  }

  /** Requests of the path a second, since there were any. */
  private static double perSecond(Collection<Window> past, String path) {
    long requests = 0;
    long seconds = 0;
    for (Window w : past) {
      PathWindow own = w.path(path);
      requests += own == null ? 0 : own.count();
      seconds = requests == 0 ? 0 : seconds + w.seconds;
    }
    return seconds == 0 ? 0 : (double) requests / seconds;
  }

  private static Set<Edge> edges(PathWindow... windows) {
    return Stream.of(windows)
        .flatMap(w -> IntStream.range(0, w.slots.size()).mapToObj(i -> w.slots.get(i).edge()))
        .collect(Collectors.toSet());
  }

  private static Verdict.Totals totals(PathWindow current, Baseline baseline) {
    PathWindow base = baseline.merged();
    return new Verdict.Totals(
        current.quantile(0.5),
        current.quantile(0.9),
        current.quantile(0.99),
        base.quantile(0.5),
        base.quantile(0.9),
        base.quantile(0.99),
        base.count());
  }
}
