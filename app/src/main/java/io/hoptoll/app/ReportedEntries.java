package io.hoptoll.app;

import io.hoptoll.model.HalfHopReport;
import io.hoptoll.model.HalfHopSink;
import io.hoptoll.model.SidecarSpan;

/**
 * Entries that agents took: under load those of the same requests are left out as of requests whose
 * entries come to the server itself.
 */
record ReportedEntries(CorrelatorLoop loop) implements HalfHopSink {
  @Override
  public void span(SidecarSpan span) {
    if (isTaken(span)) {
      loop.span(span); // which asks about those without an id
    } else {
      loop.leftOut(1);
    }
  }

  @Override
  public void announced(SidecarSpan span) {
    if (isTaken(span)) {
      loop.announced(span);
    }
  }

  @Override
  public void half(HalfHopReport half) {
    if (isTaken(half.span())) {
      loop.half(half);
    } else {
      loop.leftOut(1);
    }
  }

  private boolean isTaken(SidecarSpan span) {
    String id = span.requestId();
    return id.isEmpty()
        || !loop.leavesOut()
        || loop.takes(span.requestHash(), span.startWallNanos());
  }
}
