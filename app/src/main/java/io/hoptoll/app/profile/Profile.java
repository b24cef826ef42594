package io.hoptoll.app.profile;

import io.hoptoll.correlator.FinishedRequest;
import io.hoptoll.correlator.PathNode;
import io.hoptoll.correlator.Sketch;
import io.hoptoll.model.Hop;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.Leg;
import io.hoptoll.model.Party;
import io.hoptoll.model.ProcessSample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a task has collected: counts of all the pod's calls, and the matching ones in detail. */
public final class Profile {
  /** What all matching calls spent in one leg. */
  public static final class LegTime {
    private final Party party;
    private long nanos;
    private long calls;
    private long longestNanos;

    LegTime(Party party) {
      this.party = party;
    }

    public Party party() {
      return party;
    }

    public long nanos() {
      return nanos;
    }

    /** Matching calls that have it. */
    public long calls() {
      return calls;
    }

    public long longestNanos() {
      return longestNanos;
    }
  }

  /** A process of the pod while the task ran. */
  public record ProcessUse(
      String comm, long cpuNanos, long intervalNanos, long throttledNanos, long runQueueNanos) {
    static final ProcessUse NONE = new ProcessUse("", 0, 0, 0, 0);

    ProcessUse plus(ProcessSample s) {
      return new ProcessUse(
          s.comm(),
          cpuNanos + s.cpuNanos(),
          intervalNanos + s.intervalNanos(),
          throttledNanos + Math.max(0, s.throttledNanos()),
          runQueueNanos + Math.max(0, s.runQueueNanos()));
    }
  }

  private final TaskSpec spec;
  private final Kept kept = new Kept();
  private final Map<String, LegTime> legs = new LinkedHashMap<>();
  private final Map<Integer, ProcessUse> processes = new LinkedHashMap<>();
  private final Sketch totals = new Sketch();
  private final HttpCalls tlsCalls = new HttpCalls();
  private final HttpCalls clearCalls = new HttpCalls();
  private final RecentCalls recent = new RecentCalls();
  private long calls;
  private long errors;

  Profile(TaskSpec spec) {
    this.spec = spec;
  }

  /** Each call of the pod in the request's tree is counted; the first that matches is kept. */
  void add(FinishedRequest request) {
    boolean[] isKept = new boolean[1];
    each(
        request.root(),
        spec.pod(),
        call -> {
          calls++;
          if (isWanted(call.node().hop())) {
            count(call.node().hop());
            if (!isKept[0]) {
              kept.add(
                  new Kept.Sample(
                      request,
                      call.node(),
                      call.served(),
                      recent.of(call.node().hop(), call.served())));
            }
            isKept[0] = true;
          }
        });
  }

  void add(ProcessSample sample) {
    if (spec.pod().isAt(sample.node(), sample.netns())
        && (processes.containsKey(sample.tgid()) || processes.size() < Limits.PROCESSES)) {
      processes.merge(
          sample.tgid(), ProcessUse.NONE.plus(sample), (before, one) -> before.plus(sample));
    }
  }

  /** No more comes. */
  void end() {
    recent.clear();
  }

  /** By the same rules. */
  void add(HttpCall call, long beginWallNanos) {
    boolean isWanted =
        spec.rules().isEmpty()
            || spec.rules().stream()
                .anyMatch(r -> r.matches(call.request().path(), call.status(), call.nanos()));
    if (call.plaintextOfTls()) {
      tlsCalls.add(call, beginWallNanos, isWanted);
    } else {
      clearCalls.add(call, beginWallNanos, isWanted);
      recent.add(call);
    }
  }

  /**
   * A call that the pod took part in.
   *
   * @param served it answered, else it asked
   */
  record Call(PathNode node, boolean served) {}

  /** The pod's calls, callers before what they called. */
  static void each(PathNode node, PodInstance pod, Consumer<Call> visitor) {
    boolean served = pod.owns(node.hop().server());
    if (served || pod.owns(node.hop().client())) {
      visitor.accept(new Call(node, served));
    }
    node.children().forEach(child -> each(child, pod, visitor));
  }

  private boolean isWanted(Hop hop) {
    List<Rule> rules = spec.rules();
    return rules.isEmpty() || rules.stream().anyMatch(rule -> rule.matches(hop));
  }

  private void count(Hop hop) {
    totals.add(hop.ledger().totalNanos());
    errors += hop.outer().span().isError() ? 1 : 0;
    for (Leg leg : hop.ledger().legs()) {
      LegTime time = legs.computeIfAbsent(leg.name(), name -> new LegTime(leg.party()));
      time.nanos += leg.nanos();
      time.calls++;
      time.longestNanos = Math.max(time.longestNanos, leg.nanos());
    }
  }

  public Kept kept() {
    return kept;
  }

  /** Read out of TLS, apart from the others: one may be the same call as a request above. */
  public HttpCalls tlsCalls() {
    return tlsCalls;
  }

  /** On the apps' own sockets in clear, where heads are asked for; apart from the others, too. */
  public HttpCalls clearCalls() {
    return clearCalls;
  }

  /** Of {@link #clearCalls}, gone before the requests that they are part of were joined. */
  public long clearForgotten() {
    return recent.forgotten();
  }

  /** All calls of the pod, matching or not. */
  public long calls() {
    return calls;
  }

  /** Durations of the matching ones. */
  public Sketch totals() {
    return totals;
  }

  /** Of the matching ones, {@link io.hoptoll.model.SidecarSpan#isError}. */
  public long errors() {
    return errors;
  }

  /** By name: a leg is a run of neighbouring kinds, so that there are few. */
  public Map<String, LegTime> legs() {
    return Map.copyOf(legs);
  }

  /** By tgid. */
  public Map<Integer, ProcessUse> processes() {
    return Map.copyOf(processes);
  }
}
