package io.hoptoll.app.profile;

import io.hoptoll.app.profile.Task.State;
import io.hoptoll.correlator.FinishedRequest;
import io.hoptoll.model.HeadsAsked;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.ProcessSample;
import io.hoptoll.model.TaskReading;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All profiling tasks; every method on the correlator's thread, which brings the time. */
public final class Tasks {
  private static final HeadReader NONE =
      new HeadReader() {
        @Override
        public String refusal(PodInstance pod, HeadsAsked asked) {
          return "no socket agent runs in this process";
        }

        @Override
        public void read(Map<String, Map<Long, HeadsAsked>> asked) {}

        @Override
        public TaskReading reading(PodInstance pod) {
          return TaskReading.none(pod.netns(), "no socket agent runs");
        }
      };

  private final Map<String, Task> all = new LinkedHashMap<>();
  private volatile HeadReader heads = NONE;
  private Map<String, Map<Long, HeadsAsked>> readNow = Map.of();
  private long nowNanos;
  private long nextId = 1;
  private long runsRefused;
  private long forgotten;

  /** Who reads heads for tasks; any thread. */
  public void heads(HeadReader reader) {
    heads = reader;
  }

  /**
   * Starts a task, or has it wait for its threshold.
   *
   * @throws TaskRefused where too many are there already, or heads cannot be read there
   */
  public Task create(TaskSpec spec) {
    return create(spec, "", "");
  }

  private Task create(TaskSpec spec, String startedBy, String because) {
    String refusal = spec.heads().isNone() ? "" : heads.refusal(spec.pod(), spec.heads());
    if (!refusal.isEmpty()) {
      throw new TaskRefused("heads of " + spec.pod() + " cannot be read: " + refusal);
    }
    boolean waits = spec.trigger() != null;
    int limit = waits ? Limits.WATCHES : Limits.RUNNING;
    State state = waits ? State.WAITING : State.RUNNING;
    if (all.values().stream().filter(t -> t.state(nowNanos) == state).count() >= limit) {
      throw new TaskRefused(
          limit
              + " tasks are "
              + state.name().toLowerCase(Locale.ROOT)
              + ", which is the most; stop one first (GET /api/v1/profiling-tasks lists them)");
    }
    while (all.size() >= Limits.TASKS) {
      forgetOldest();
    }
    Task task = new Task("t" + nextId++, spec, startedBy, because, nowNanos);
    all.put(task.id(), task);
    return task;
  }

  /** All that are kept, newest first. */
  public List<Task> list() {
    return all.values().stream()
        .sorted(Comparator.comparingLong(Task::startNanos).thenComparing(Task::id).reversed())
        .toList();
  }

  public @Nullable Task find(String id) {
    return all.get(id);
  }

  /** Ends it now; requests that ended before are still taken. Its runs go on to their ends. */
  public void stop(Task task) {
    task.stop(nowNanos);
  }

  /**
   * Lets a running task run longer.
   *
   * @throws TaskRefused where it does not run, or would for longer than {@link
   *     Limits#LONGEST_SECONDS}
   */
  public void extend(Task task, long seconds) {
    if (task.state(nowNanos) != State.RUNNING) {
      throw new TaskRefused("task " + task.id() + " does not run; only a running one is extended");
    }
    long whole = (task.endNanos() - task.startNanos()) / Nanos.PER_SECOND + seconds;
    if (whole > Limits.LONGEST_SECONDS) {
      throw new TaskRefused(
          "task "
              + task.id()
              + " would run "
              + whole
              + " s; the most is "
              + Limits.LONGEST_SECONDS);
    }
    task.extend(seconds);
  }

  /** Forgets it and what it collected; of a waiting one not its runs. */
  public void delete(Task task) {
    task.stop(nowNanos);
    all.remove(task.id());
    Task parent = all.get(task.startedBy());
    if (parent != null) {
      parent.forget(task);
    }
  }

  public void request(FinishedRequest request) {
    if (all.isEmpty()) {
      return; // most of the time
    }
    for (Task task : all.values()) {
      task.request(request, nowNanos);
    }
    bound();
  }

  public void process(ProcessSample sample) {
    all.values().forEach(task -> task.process(sample, nowNanos));
  }

  /**
   * @param beginWallNanos when it began
   */
  public void call(HttpCall call, long beginWallNanos) {
    all.values().forEach(task -> task.call(call, beginWallNanos, nowNanos));
  }

  /** With its namespace a pod is gone: the next to get the number is another, of other people. */
  public void namespace(NetworkNamespace namespace) {
    if (namespace.addresses().isEmpty()) {
      all.values().stream()
          .filter(task -> task.spec().pod().isAt(namespace.node(), namespace.netns()))
          .forEach(task -> task.stop(nowNanos));
    }
  }

  /** Has heads read of the pods whose running tasks want them. */
  private void readHeads() {
    Map<String, Map<Long, HeadsAsked>> wanted = new HashMap<>();
    for (Task task : all.values()) {
      HeadsAsked asked = task.heads(nowNanos);
      if (!asked.isNone()) {
        PodInstance pod = task.spec().pod();
        wanted
            .computeIfAbsent(pod.node(), n -> new HashMap<>())
            .merge(pod.netns(), asked, HeadsAsked::max);
      }
    }
    if (!wanted.equals(readNow)) {
      heads.read(Map.copyOf(wanted));
      readNow = wanted; // not before: what failed is tried again
    }
  }

  /** Starts what a threshold asks for. */
  public void tick(long wallNanos) {
    boolean isNewSecond = wallNanos / Nanos.PER_SECOND != nowNanos / Nanos.PER_SECOND;
    nowNanos = wallNanos;
    if (isNewSecond) {
      startDue();
    }
    readHeads();
  }

  private void startDue() {
    for (Task task : List.copyOf(all.values())) {
      task.tick(nowNanos);
      if (!task.heads(nowNanos).isNone()) {
        task.read(heads.reading(task.spec().pod()));
      }
      String because = task.due(nowNanos);
      if (because != null) {
        run(task, because);
      }
    }
  }

  /** Wall clock of the last tick. */
  public long nowNanos() {
    return nowNanos;
  }

  /** What did not happen, by cause. */
  public Map<String, Long> counters() {
    return Map.of("runsRefused", runsRefused, "tasksForgotten", forgotten);
  }

  private void run(Task waiting, String because) {
    try {
      if (waiting.runs().size() >= Limits.RUNS_PER_WATCH) {
        delete(waiting.runs().get(0));
        forgotten++;
      }
      waiting.started(create(waiting.spec().run(), waiting.id(), because));
    } catch (TaskRefused e) {
      runsRefused++; // asked again at the next second
    }
  }

  /** Running and waiting ones are fewer than {@link Limits#TASKS}: one of the others goes. */
  private void forgetOldest() {
    for (Task task : all.values()) {
      State state = task.state(nowNanos);
      if (state == State.DONE || state == State.SETTLING) {
        delete(task);
        forgotten++;
        return;
      }
    }
    throw new IllegalStateException("no task has ended among " + all.size());
  }

  /** Where all tasks keep too much, the oldest finished one goes, else the fastest requests. */
  private void bound() {
    while (bytes() > Limits.BYTES) {
      Task done = null;
      Task biggest = null;
      for (Task task : all.values()) {
        done = done == null && task.state(nowNanos) == State.DONE ? task : done;
        biggest = biggest == null || task.bytes() > biggest.bytes() ? task : biggest;
      }
      if (done != null) {
        delete(done);
        forgotten++;
      } else if (biggest == null || !biggest.profile().kept().dropFastest()) {
        return;
      }
    }
  }

  private long bytes() {
    return all.values().stream().mapToLong(Task::bytes).sum();
  }
}
