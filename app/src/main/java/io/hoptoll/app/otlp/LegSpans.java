package io.hoptoll.app.otlp;

import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.hoptoll.app.otlp.TraceSampler.Choice;
import io.hoptoll.correlator.FinishedRequest;
import io.hoptoll.correlator.PathNode;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Leg;
import io.hoptoll.model.SidecarSpan;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A request's hops and legs as spans below the span whose context the request carried: one span a
 * hop, one a leg under it. A hop that carries none hangs below the hop that caused it. Times are
 * the node's wall clock, as access logs give it. On the correlator's thread.
 */
final class LegSpans {
  private final Tracer tracer;
  private final TraceSampler sampler;
  private final Map<Choice, LongAdder> choices = new EnumMap<>(Choice.class);

  LegSpans(Tracer tracer, TraceSampler sampler) {
    this.tracer = tracer;
    this.sampler = sampler;
    for (Choice c : Choice.values()) {
      choices.put(c, new LongAdder());
    }
  }

  void request(FinishedRequest request) {
    PathNode root = request.root();
    SpanContext trace = firstContext(root);
    Choice choice = sampler.choose(request, trace);
    count(choice).increment();
    if (choice == Choice.SENT) {
      new Tree(request.path()).hop(root, trace);
    }
  }

  long chosen(Choice choice) {
    return count(choice).sum();
  }

  private LongAdder count(Choice choice) {
    return java.util.Objects.requireNonNull(choices.get(choice));
  }

  /** The root's own context, else that of the first hop below which carries one. */
  private static SpanContext firstContext(PathNode node) {
    SpanContext own = context(node.hop());
    for (PathNode child : own.isValid() ? List.<PathNode>of() : node.children()) {
      own = own.isValid() ? own : firstContext(child);
    }
    return own;
  }

  /** As the caller sent it; the server's entry may show what its sidecar made of it. */
  private static SpanContext context(Hop hop) {
    String header = hop.outer().span().traceparent();
    Context read =
        W3CTraceContextPropagator.getInstance().extract(Context.root(), header, Header.GETTER);
    return Span.fromContext(read).getSpanContext();
  }

  /** The spans of one request. */
  private final class Tree {
    private final String path;
    private int hops;

    Tree(String path) {
      this.path = path;
    }

    void hop(PathNode node, SpanContext above) {
      if (++hops > Limits.HOPS_PER_REQUEST) {
        return;
      }
      Hop hop = node.hop();
      SpanContext own = context(hop);
      SpanContext parent = own.getTraceId().equals(above.getTraceId()) ? own : above;
      long start = startWallNanos(hop);
      Span span =
          start(node.edge().toString(), parent, start).setAllAttributes(attributes(path, node));
      for (Leg leg : hop.ledger().legs()) {
        leg(leg, span.getSpanContext(), start, hop.ledger().totalNanos());
      }
      span.end(start + hop.ledger().totalNanos(), TimeUnit.NANOSECONDS);
      node.children().forEach(child -> hop(child, span.getSpanContext()));
    }

    private void leg(Leg leg, SpanContext hop, long hopStart, long total) {
      if (leg.nanos() == 0) {
        return;
      }
      long start = hopStart + leg.startNanos();
      start(leg.name(), hop, start)
          .setAttribute(stringKey("hoptoll.leg"), leg.name())
          .setAttribute(stringKey("hoptoll.party"), leg.party().name())
          .setAttribute(doubleKey("hoptoll.share"), total == 0 ? 0 : (double) leg.nanos() / total)
          .end(start + leg.nanos(), TimeUnit.NANOSECONDS);
    }

    private Span start(String name, SpanContext parent, long wallNanos) {
      return tracer
          .spanBuilder(name)
          .setParent(Context.root().with(Span.wrap(parent)))
          .setStartTimestamp(wallNanos, TimeUnit.NANOSECONDS)
          .startSpan();
    }
  }

  /** The ledger's start on the wall clock of the node whose clock the ledger uses. */
  private static long startWallNanos(Hop hop) {
    HalfHop outer = hop.outer();
    return outer.span().startWallNanos() + hop.ledger().startNanos() - outer.startNanos();
  }

  private static Attributes attributes(String path, PathNode node) {
    SidecarSpan span = node.hop().outer().span();
    return Attributes.builder()
        .put(stringKey("hoptoll.path"), path)
        .put(stringKey("hoptoll.client"), node.edge().client())
        .put(stringKey("hoptoll.server"), node.edge().server())
        .put(stringKey("hoptoll.total"), node.hop().ledger().totalName())
        .put(stringKey("hoptoll.request_id"), node.hop().requestId())
        .put(stringKey("http.request.method"), span.request().method())
        .put(longKey("http.response.status_code"), (long) span.outcome().code())
        .build();
  }

  /** A lone traceparent as a carrier. */
  private enum Header implements TextMapGetter<String> {
    GETTER;

    @Override
    public Iterable<String> keys(String traceparent) {
      return List.of("traceparent");
    }

    @Override
    public @Nullable String get(@Nullable String traceparent, String key) {
      return key.equals("traceparent") ? traceparent : null;
    }
  }
}
