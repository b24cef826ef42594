package io.hoptoll.model;

/** Takes sidecar spans; must not block. Called by several threads. */
@FunctionalInterface
public interface SpanSink {
  void span(SidecarSpan span);
}
