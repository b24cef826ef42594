package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import java.util.List;

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

  private static final List<CauseRule> UNDETERMINED = List.of(new UnresolvedRule());

  /** A cause and its evidence. */
  record Explanation(Cause cause, List<String> evidence) {}

  private CauseRules() {}

  static Explanation explain(Suspect suspect) {
    for (CauseRule rule : rules(suspect.actor().kind())) {
      List<String> evidence = rule.explains(suspect);
      if (evidence != null) {
        return new Explanation(rule.cause(), evidence);
      }
    }
    throw new IllegalStateException("the last rule of each kind applies always");
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
