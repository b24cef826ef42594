package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules in order, by kind of actor. The first that applies names the cause, so what keeps a
 * process from running at all (frozen, throttled) stands before what it was kept from, and the
 * general rule last.
 */
final class CauseRules {
  private static final List<CauseRule> APP =
      List.of(
          new FrozenRule("app", Cause.APP_FROZEN),
          new ThrottledRule("app", Cause.APP_CPU_THROTTLED),
          new AcceptQueueRule(),
          new SlowReaderRule(),
          new SlowSenderRule(),
          new DependencyRule(),
          new PickupRule(),
          new ServiceTimeRule());

  private static final List<CauseRule> SIDECAR =
      List.of(
          new FrozenRule("sidecar", Cause.SIDECAR_FROZEN),
          new ThrottledRule("sidecar", Cause.SIDECAR_CPU_THROTTLED),
          new UnansweredRule(),
          new PoolWaitRule(),
          new HandshakeRule(),
          new RetriesRule(),
          new WorkerQueueRule(),
          new FilterRule());

  private static final List<CauseRule> TRANSPORT =
      List.of(
          new ConnectRule(),
          new ResetRule(),
          new DelayedAckRule(),
          new DroppedRule(),
          new LossRule(),
          new BandwidthRule(),
          new RttRule());

  private static final List<CauseRule> UNDETERMINED =
      List.of(new LossRule(), new OutsideRule(), new UnresolvedRule());

  /** A cause, its evidence, and what to do. */
  record Explanation(Cause cause, List<String> evidence, String remedy) {
    Explanation(Cause cause, List<String> evidence) {
      this(cause, evidence, Remedies.of(cause));
    }
  }

  private CauseRules() {}

  static Explanation explain(Suspect suspect) {
    for (CauseRule rule : rules(suspect.actor().kind())) {
      List<String> evidence = rule.explains(suspect);
      if (evidence != null) {
        return new Explanation(rule.cause(), evidence, rule.remedy());
      }
    }
    throw new IllegalStateException("the last rule of each kind applies always");
  }

  /** Of an app's growth: what waited to be read, and what came after that. */
  record Apart(Explanation waited, Explanation worked) {}

  /**
   * Whether reading late and working long both stand behind a cause: a blocked loop also delays
   * what it has read, and a busy app also reads late. Null: it is neither.
   */
  static @Nullable Apart apart(Suspect s, Cause cause) {
    return cause != Cause.APP_PICKUP_DELAY && cause != Cause.APP_SERVICE_TIME
        ? null
        : new Apart(
            new Explanation(Cause.APP_PICKUP_DELAY, PickupRule.evidence(s)),
            new Explanation(Cause.APP_SERVICE_TIME, ServiceTimeRule.evidence(s)));
  }

  private static List<CauseRule> rules(Actor.Kind kind) {
    return switch (kind) {
      case APP -> APP;
      case SIDECAR -> SIDECAR;
      case TRANSPORT -> TRANSPORT;
      case UNDETERMINED -> UNDETERMINED;
    };
  }
}
