package io.hoptoll.app.profile;

import java.util.Map;

/** Whoever can read HTTP out of the TLS of pods' processes, on request. */
public interface TlsReader {
  /** Why it cannot for this pod, in words; empty: it can. */
  String refusal(PodInstance pod);

  /**
   * Reads from now on exactly these pods' processes; does not wait.
   *
   * @param headBytes of each message, by network namespace
   */
  void read(Map<Long, Integer> headBytes);
}
