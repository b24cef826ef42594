package io.hoptoll.app.profile;

import io.hoptoll.model.HeadsAsked;
import java.util.Map;

/** Whoever can have the HTTP heads of pods read, on request. */
public interface HeadReader {
  /** Why it cannot for this pod, in words; empty: it can. */
  String refusal(PodInstance pod, HeadsAsked asked);

  /**
   * Reads from now on exactly these; does not wait.
   *
   * @param asked by node and network namespace
   */
  void read(Map<String, Map<Long, HeadsAsked>> asked);
}
