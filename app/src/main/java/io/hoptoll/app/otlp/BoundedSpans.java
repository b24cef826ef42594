package io.hoptoll.app.otlp;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The SDK's batching, with what it drops counted here: spans are let in only while fewer than
 * {@link Limits#SPANS_WAITING} are on their way, so that its own queue, which is that long, never
 * is full.
 */
final class BoundedSpans implements SpanProcessor {
  final LongAdder exported = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder dropped = new LongAdder();

  private final AtomicInteger waiting = new AtomicInteger();
  private final BatchSpanProcessor batches;

  BoundedSpans(SpanExporter exporter) {
    batches =
        BatchSpanProcessor.builder(new Counting(exporter))
            .setMaxQueueSize(Limits.SPANS_WAITING)
            .setMaxExportBatchSize(Limits.SPANS_PER_EXPORT)
            .setScheduleDelay(Limits.EXPORT_EVERY)
            .setExporterTimeout(Limits.EXPORT_TIMEOUT)
            .build();
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (waiting.incrementAndGet() > Limits.SPANS_WAITING) {
      waiting.decrementAndGet();
      dropped.increment();
      return;
    }
    batches.onEnd(span);
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public CompletableResultCode shutdown() {
    return batches.shutdown();
  }

  @Override
  public CompletableResultCode forceFlush() {
    return batches.forceFlush();
  }

  /** Tells when spans are through, and how it ended. */
  private final class Counting implements SpanExporter {
    private final SpanExporter exporter;

    Counting(SpanExporter exporter) {
      this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      int n = spans.size();
      CompletableResultCode result = exporter.export(spans);
      result.whenComplete(
          () -> {
            waiting.addAndGet(-n);
            (result.isSuccess() ? exported : failed).add(n);
          });
      return result;
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }
  }
}
