package io.hoptoll.model;

/** Takes what names pods; must not block. */
public interface PodSink {
  /** It is new, changed or gone. */
  void pod(Pod pod);
}
