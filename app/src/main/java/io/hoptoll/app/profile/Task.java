package io.hoptoll.app.profile;

import io.hoptoll.correlator.FinishedRequest;
import io.hoptoll.model.HeadsAsked;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.ProcessSample;
import io.hoptoll.model.TaskReading;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One profiling task: it collects now, has collected, or waits for its threshold. */
public final class Task {
  /** Where a task stands. */
  public enum State {
    /** For its threshold. */
    WAITING,
    RUNNING,
    /** Its time is over; requests that ended in it are still being joined. */
    SETTLING,
    DONE
  }

  private final String id;
  private final TaskSpec spec;
  private final String startedBy;
  private final String because;
  private final long startNanos;
  private final Profile profile;
  private final @Nullable PodMeter meter;
  private final List<Task> runs = new ArrayList<>();
  private long endNanos;
  private @Nullable TaskReading read;

  /**
   * @param startedBy id of the waiting task, empty where somebody asked for this one
   * @param because what was exceeded
   * @param nowNanos wall clock
   */
  Task(String id, TaskSpec spec, String startedBy, String because, long nowNanos) {
    this.id = id;
    this.spec = spec;
    this.startedBy = startedBy;
    this.because = because;
    this.startNanos = nowNanos;
    this.profile = new Profile(spec);
    Trigger trigger = spec.trigger();
    this.meter = trigger == null ? null : new PodMeter(spec.pod(), trigger.windowSeconds());
    this.endNanos =
        trigger == null ? nowNanos + spec.durationSeconds() * Nanos.PER_SECOND : Long.MAX_VALUE;
  }

  public State state(long nowNanos) {
    if (nowNanos < endNanos) {
      return meter == null ? State.RUNNING : State.WAITING;
    }
    boolean settles = meter == null && nowNanos < endNanos + Limits.SETTLE_NANOS;
    return settles ? State.SETTLING : State.DONE;
  }

  void request(FinishedRequest request, long nowNanos) {
    long end = request.endWallNanos();
    if (meter != null) {
      Profile.each(
          request.root(),
          spec.pod(),
          call -> meter.add(call.node().hop(), call.served(), nowNanos));
    } else if (state(nowNanos) != State.DONE && startNanos <= end && end < endNanos) {
      profile.add(request);
    }
  }

  void process(ProcessSample sample, long nowNanos) {
    if (meter != null) {
      meter.add(sample, nowNanos);
    } else if (state(nowNanos) == State.RUNNING) {
      profile.add(sample);
    }
  }

  void call(HttpCall call, long beginWallNanos, long nowNanos) {
    State state = state(nowNanos);
    boolean isAsked =
        (call.plaintextOfTls() ? spec.heads().tlsBytes() : spec.heads().clearBytes()) > 0;
    if (isAsked
        && (state == State.RUNNING || state == State.SETTLING)
        && spec.pod().isAt(call.node(), call.netns())
        && startNanos <= beginWallNanos
        && beginWallNanos < endNanos) {
      profile.add(call, beginWallNanos);
    }
  }

  /** Once it is done, what only helped to collect is let go of. */
  void tick(long nowNanos) {
    if (state(nowNanos) == State.DONE) {
      profile.end();
    }
  }

  /** What it has read of its pod's messages now. */
  HeadsAsked heads(long nowNanos) {
    return state(nowNanos) == State.RUNNING ? spec.heads() : HeadsAsked.NONE;
  }

  /** How far that is done. */
  void read(TaskReading now) {
    read = now;
  }

  /** The same as of the latest second in which it ran; null: not known yet, or nothing is read. */
  public @Nullable TaskReading read() {
    return read;
  }

  /** Why a run of it has to start now; null: it has not. */
  @Nullable String due(long nowNanos) {
    Trigger trigger = spec.trigger();
    if (trigger == null || meter == null || state(nowNanos) != State.WAITING) {
      return null;
    }
    boolean isBusy = runs.stream().anyMatch(run -> run.state(nowNanos) != State.DONE);
    return isBusy ? null : trigger.reason(meter.read(nowNanos));
  }

  void started(Task run) {
    runs.add(run);
  }

  void forget(Task run) {
    runs.remove(run);
  }

  /** Ends it now; what was collected stays. */
  void stop(long nowNanos) {
    endNanos = Math.min(endNanos, nowNanos);
  }

  void extend(long seconds) {
    endNanos += seconds * Nanos.PER_SECOND;
  }

  public String id() {
    return id;
  }

  public TaskSpec spec() {
    return spec;
  }

  long bytes() {
    return profile.kept().bytes();
  }

  /** Id of the waiting task that started it, or empty. */
  public String startedBy() {
    return startedBy;
  }

  /** What was exceeded, or empty. */
  public String because() {
    return because;
  }

  /** Wall clock. */
  public long startNanos() {
    return startNanos;
  }

  /** Wall clock; {@link Long#MAX_VALUE} where it waits until stopped. */
  public long endNanos() {
    return endNanos;
  }

  public Profile profile() {
    return profile;
  }

  /** Runs it started that are still kept, oldest first. */
  public List<Task> runs() {
    return List.copyOf(runs);
  }

  /** What its threshold is judged by; null where it has none. */
  public PodMeter.@Nullable Reading reading(long nowNanos) {
    return meter == null ? null : meter.read(nowNanos);
  }
}
