package io.hoptoll.als;

import io.hoptoll.model.LogStream;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SpanSink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Keeps spans and lets a test wait for them. */
final class SpanCollector implements SpanSink {
  private static final long PATIENCE_MILLIS = 15_000;

  private final List<SidecarSpan> spans = new ArrayList<>();
  private final List<LogStream> ended = new ArrayList<>();

  @Override
  public synchronized void span(SidecarSpan span) {
    spans.add(span);
    notifyAll();
  }

  @Override
  public synchronized void ended(LogStream stream) {
    ended.add(stream);
    notifyAll();
  }

  /** Waits until so many streams have ended; fewer after 15 s. */
  synchronized List<LogStream> awaitEnded(int count) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    for (long left = PATIENCE_MILLIS;
        ended.size() < count && left > 0;
        left = (deadline - System.nanoTime()) / 1_000_000) {
      wait(left);
    }
    return List.copyOf(ended);
  }

  synchronized List<SidecarSpan> soFar() {
    return List.copyOf(spans);
  }

  /** Waits until {@code count} spans have come. */
  List<SidecarSpan> await(int count) throws InterruptedException {
    return await(count, span -> true);
  }

  /** Waits until {@code count} spans match; fails after 15 s, saying what came instead. */
  synchronized List<SidecarSpan> await(int count, Predicate<SidecarSpan> wanted)
      throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (true) {
      List<SidecarSpan> matching = spans.stream().filter(wanted).toList();
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (matching.size() >= count) {
        return matching;
      }
      if (left <= 0) {
        throw new AssertionError(
            "%d of %d spans after %d ms; all: %s"
                .formatted(matching.size(), count, PATIENCE_MILLIS, spans));
      }
      wait(left);
    }
  }
}
