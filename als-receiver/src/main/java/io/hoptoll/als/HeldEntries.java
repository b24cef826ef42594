package io.hoptoll.als;

import io.hoptoll.model.SidecarSpan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message's entries until it is read to its end, so that all are handed on or none. */
final class HeldEntries implements MessageDecoder.Output {
  private final List<SidecarSpan> spans = new ArrayList<>();
  private final List<SidecarSpan.Kind> leftOut = new ArrayList<>();
  private final List<Malformed> reasons = new ArrayList<>();
  private MessageDecoder.@Nullable Output output;

  /** Empty again, for entries on their way to this output. */
  HeldEntries before(MessageDecoder.Output to) {
    clear();
    output = to;
    return this;
  }

  @Override
  public void span(SidecarSpan span, boolean httpLog) {
    spans.add(span);
  }

  @Override
  public void refused(Malformed reason) {
    reasons.add(reason);
  }

  @Override
  public boolean takes(long requestHash, long startWallNanos) {
    return output == null || output.takes(requestHash, startWallNanos);
  }

  @Override
  public void leftOut(SidecarSpan.Kind kind) {
    leftOut.add(kind);
  }

  void handOn(boolean httpLog) {
    MessageDecoder.Output to = output;
    if (to != null) {
      for (int i = 0; i < reasons.size(); i++) {
        to.refused(reasons.get(i));
      }
      for (int i = 0; i < leftOut.size(); i++) {
        to.leftOut(leftOut.get(i));
      }
      for (int i = 0; i < spans.size(); i++) {
        to.span(spans.get(i), httpLog);
      }
    }
    clear();
  }

  private void clear() {
    spans.clear();
    leftOut.clear();
    reasons.clear();
    output = null;
  }
}
