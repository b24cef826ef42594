package io.hoptoll.app.profile;

import io.hoptoll.model.HeadsAsked;
import io.hoptoll.model.TaskReading;
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

  /** How far the heads of this pod are read now, as its agent said last; does not wait. */
  TaskReading reading(PodInstance pod);
}
