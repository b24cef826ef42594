package io.hoptoll.minimesh;

import java.util.List;
import java.util.Locale;

/** The load generator in the client pod. */
public final class LoadGenerator {
  private final Child child;

  LoadGenerator(Child child) {
    this.child = child;
  }

  /**
   * @param errors status 5xx or no answer
   */
  public record Stats(long errors, long requests, long p50Nanos, long p99Nanos) {}

  public void start(LoadPlan plan) {
    child.send(
        "start "
            + plan.service()
            + " "
            + plan.path()
            + " "
            + plan.rate()
            + " "
            + plan.connections()
            + (plan.keepAlive() ? " keep " : " close ")
            + plan.requestId()
            + " "
            + plan.protocol().name().toLowerCase(Locale.ROOT));
  }

  /** Ends the load; requests in flight are waited for. */
  public void stop() {
    child.ask("stop", "stopped");
  }

  /** Since the last reset. Latency counts from when a request was due. */
  public Stats stats() {
    String[] s = child.ask("stats", "stats").split(" ");
    return new Stats(
        Long.parseLong(s[1]), Long.parseLong(s[2]), Long.parseLong(s[4]), Long.parseLong(s[5]));
  }

  public void reset() {
    child.send("reset");
  }

  public void record(boolean on) {
    child.send("record " + (on ? "on" : "off"));
  }

  /** What the client app saw of its requests: lines of service.Records. */
  public List<String> records() {
    return child.lines("records");
  }
}
