package io.hoptoll.agent;

import java.util.List;

/**
 * @param missing what the machine lacks and how to get it; empty when ready
 */
public record Readiness(boolean ready, List<String> missing) {
  public Readiness {
    missing = List.copyOf(missing);
  }
}
