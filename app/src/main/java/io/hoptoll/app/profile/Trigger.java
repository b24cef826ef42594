package io.hoptoll.app.profile;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * When a waiting task starts a run: any of these over the window. A number that is not given is
 * {@link Double#NaN}, which nothing exceeds.
 *
 * @param errorRate share (0..1) of errors ({@link io.hoptoll.model.SidecarSpan#isError})
 * @param p99Nanos of the requests that the pod served; of a pod that serves none, made
 * @param cpus CPUs that the pod's processes use; of those without sockets 512 of a node
 * @param sidecarShare share (0..1) of those requests' time in the pod's own sidecar
 * @param windowSeconds over which it is judged
 * @param minRequests with fewer only the CPU is judged
 */
public record Trigger(
    double errorRate,
    double p99Nanos,
    double cpus,
    double sidecarShare,
    int windowSeconds,
    int minRequests) {

  /** What is exceeded, in words; null: nothing. */
  @Nullable String reason(PodMeter.Reading now) {
    if (now.cpus() > cpus) {
      return words("CPU %.2f > %.2f", now.cpus(), cpus);
    }
    if (now.requests() < minRequests) {
      return null;
    }
    if (now.errorRate() > errorRate) {
      return words("error rate %.3f > %.3f", now.errorRate(), errorRate);
    }
    if (now.p99Nanos() > p99Nanos) {
      return words("p99 %.1f ms > %.1f ms", now.p99Nanos() / 1e6, p99Nanos / 1e6);
    }
    if (now.sidecarShare() > sidecarShare) {
      return words("sidecar share %.3f > %.3f", now.sidecarShare(), sidecarShare);
    }
    return null;
  }

  private String words(String what, double is, double allowed) {
    return String.format(Locale.ROOT, what + " over %d s", is, allowed, windowSeconds);
  }
}
