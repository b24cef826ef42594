package io.hoptoll.minimesh;

import java.util.List;

/**
 * One pod to be.
 *
 * @param workload such as {@code reviews-v2}; unique
 * @param service the service it stands behind, such as {@code reviews}
 * @param calls services its app calls for each request, in sequence
 */
public record PodSpec(String workload, String service, List<String> calls) {
  public PodSpec {
    calls = List.copyOf(calls);
  }
}
