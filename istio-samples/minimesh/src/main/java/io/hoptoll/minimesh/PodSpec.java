package io.hoptoll.minimesh;

import java.util.List;

/**
 * One pod to be.
 *
 * @param workload such as {@code reviews-v2}; unique
 * @param service the service it stands behind, such as {@code reviews}
 * @param calls services its app calls for each request, in sequence
 * @param secondContainer whether gRPC is served by a container of its own, beside that of HTTP/1.1
 *     and TCP, behind the same sidecar
 */
public record PodSpec(
    String workload, String service, List<String> calls, boolean secondContainer) {
  public PodSpec {
    calls = List.copyOf(calls);
  }

  /** With one app container. */
  public PodSpec(String workload, String service, List<String> calls) {
    this(workload, service, calls, false);
  }
}
