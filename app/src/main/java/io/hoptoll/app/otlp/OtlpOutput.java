package io.hoptoll.app.otlp;

import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.hoptoll.app.otlp.TraceSampler.Choice;
import io.hoptoll.app.watch.PathState;
import io.hoptoll.correlator.FinishedRequest;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.instrumentation.micrometer.v1_5.OpenTelemetryMeterRegistry;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Everything that goes to an OpenTelemetry collector. */
public final class OtlpOutput implements AutoCloseable {
  private static final String NAME = "io.hoptoll";
  private static final long CLOSE_SECONDS = 3;

  private final SdkTracerProvider tracers;
  private final SdkMeterProvider meters;
  private final MeterRegistry registry;
  private final BoundedSpans spans;
  private final TraceSampler sampler;
  private final LegSpans legs;
  private final boolean traces;

  private OtlpOutput(Config config, String endpoint) {
    Resource resource =
        Resource.getDefault()
            .merge(Resource.create(Attributes.builder().put("service.name", "hoptoll").build()));
    traces = config.get(Settings.OTLP_TRACES);
    spans = new BoundedSpans(spanExporter(config, endpoint));
    tracers =
        SdkTracerProvider.builder()
            .setResource(resource)
            .setSampler(Sampler.alwaysOn()) // TraceSampler has chosen
            .addSpanProcessor(spans)
            .build();
    sampler =
        new TraceSampler(
            config.get(Settings.OTLP_TRACE_SHARE),
            config.get(Settings.OTLP_TRACES_PER_SECOND),
            System::nanoTime);
    legs = new LegSpans(tracers.get(NAME), sampler);
    meters = meters(config, endpoint, resource);
    registry = OpenTelemetryMeterRegistry.builder(new Metering(meters)).build();
  }

  /** Null where no endpoint is set. */
  public static @Nullable OtlpOutput of(Config config) {
    String endpoint = config.get(Settings.OTLP_ENDPOINT);
    return endpoint.isEmpty() ? null : new OtlpOutput(config, endpoint.replaceAll("/+$", ""));
  }

  /** Carries every meter registered in it to the collector. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Registers what was sent, what not, and why. */
  public void count(MeterRegistry all) {
    String spanHelp = "Spans of legs and hops, by what became of them";
    span(all, spanHelp, "exported", spans.exported);
    span(all, spanHelp, "failed", spans.failed);
    span(all, spanHelp, "dropped", spans.dropped);
    for (Choice choice : Choice.values()) {
      counter(
          all,
          "hoptoll.otlp.requests",
          "Requests, by whether their legs are sent",
          choice.name().toLowerCase(java.util.Locale.ROOT),
          legs,
          l -> l.chosen(choice));
    }
  }

  /** On the correlator's thread. */
  public void request(FinishedRequest request) {
    if (traces) {
      legs.request(request);
    }
  }

  /** On the watch's thread. */
  public void paths(List<PathState> states) {
    sampler.paths(states);
  }

  @Override
  public void close() {
    tracers.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
    meters.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
    registry.close();
  }

  private static OtlpHttpSpanExporter spanExporter(Config config, String endpoint) {
    var exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint + "/v1/traces")
            .setCompression("gzip")
            .setTimeout(Limits.EXPORT_TIMEOUT);
    config.get(Settings.OTLP_HEADERS).forEach(exporter::addHeader);
    return exporter.build();
  }

  /** Histograms are exponential: as fine as the data, where Prometheus' need bounds. */
  private static SdkMeterProvider meters(Config config, String endpoint, Resource resource) {
    var provider =
        SdkMeterProvider.builder()
            .setResource(resource)
            .registerView(
                InstrumentSelector.builder().setType(InstrumentType.HISTOGRAM).build(),
                View.builder()
                    .setAggregation(Aggregation.base2ExponentialBucketHistogram())
                    .build());
    if (config.get(Settings.OTLP_METRICS)) {
      var exporter =
          OtlpHttpMetricExporter.builder()
              .setEndpoint(endpoint + "/v1/metrics")
              .setCompression("gzip")
              .setTimeout(Limits.EXPORT_TIMEOUT);
      config.get(Settings.OTLP_HEADERS).forEach(exporter::addHeader);
      provider.registerMetricReader(
          PeriodicMetricReader.builder(exporter.build())
              .setInterval(config.get(Settings.OTLP_METRICS_EVERY))
              .build());
    }
    return provider.build();
  }

  private static void span(MeterRegistry all, String help, String result, LongAdder count) {
    counter(all, "hoptoll.otlp.spans", help, result, count, LongAdder::sum);
  }

  private static <T> void counter(
      MeterRegistry all,
      String name,
      String help,
      String result,
      T source,
      ToDoubleFunction<T> count) {
    FunctionCounter.builder(name, source, count)
        .description(help)
        .tag("result", result)
        .register(all);
  }

  /** What the bridge from Micrometer needs of OpenTelemetry. */
  private record Metering(SdkMeterProvider meters) implements OpenTelemetry {
    @Override
    public MeterProvider getMeterProvider() {
      return meters;
    }

    @Override
    public TracerProvider getTracerProvider() {
      return TracerProvider.noop();
    }

    @Override
    public ContextPropagators getPropagators() {
      return ContextPropagators.noop();
    }
  }
}
