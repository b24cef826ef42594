package io.hoptoll.bench.accuracy;

import io.hoptoll.bench.Stamps;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Leg;
import io.hoptoll.model.LegKind;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * By how much legs differ from what the two apps timed for the very same request, ns. The apps'
 * clocks run from just before the write to just after the read, so their own few µs are in it.
 */
final class LegErrors {
  /** What both can measure. */
  enum Measure {
    /** From the calling app's request to its answer. */
    TOTAL,
    /** In the serving app. */
    APP,
    /** Everything between the apps: sidecars and transport. */
    BETWEEN
  }

  private static final long MAX_NANOS = 60_000_000_000L;
  private static final int DIGITS = 2;

  private final Map<Measure, Histogram> errors = new EnumMap<>(Measure.class);

  LegErrors() {
    for (Measure m : Measure.values()) {
      errors.put(m, new Histogram(MAX_NANOS, DIGITS));
    }
  }

  void add(Hop hop, Stamps stamps) {
    HalfHop client = hop.client();
    HalfHop server = hop.server();
    Stamps.Seen call = client == null ? null : call(client, stamps);
    Stamps.Seen served = server == null ? null : service(server, stamps);
    if (call == null || served == null || !call.stamp().equals(served.stamp())) {
      return;
    }
    long total = hop.ledger().totalNanos();
    long app = serviceNanos(hop);
    record(Measure.TOTAL, total - call.nanos());
    if (app >= 0) {
      record(Measure.APP, app - served.nanos());
      record(Measure.BETWEEN, total - app - (call.nanos() - served.nanos()));
    }
  }

  private static Stamps.@Nullable Seen call(HalfHop half, Stamps stamps) {
    var app = half.callingApp();
    return app == null ? null : stamps.call(half.span().proxy().workload(), app);
  }

  private static Stamps.@Nullable Seen service(HalfHop half, Stamps stamps) {
    var app = half.servingApp();
    return app == null ? null : stamps.service(half.span().proxy().workload(), app);
  }

  /** The leg in which the app works; -1 where it could not be told from its neighbours. */
  private static long serviceNanos(Hop hop) {
    return hop.ledger().legs().stream()
        .filter(l -> l.kinds() == LegKind.SERVER_APP_SERVICE.bit())
        .mapToLong(Leg::nanos)
        .reduce(Long::sum)
        .orElse(-1);
  }

  private void record(Measure measure, long errorNanos) {
    of(measure).recordValue(Math.min(MAX_NANOS, Math.abs(errorNanos)));
  }

  void add(LegErrors more) {
    more.errors.forEach((m, h) -> of(m).add(h));
  }

  Histogram of(Measure measure) {
    return java.util.Objects.requireNonNull(errors.get(measure));
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    errors.forEach((m, h) -> json.put(m.name(), encode(h)));
    return json;
  }

  static LegErrors of(JsonObject json) {
    LegErrors read = new LegErrors();
    for (Measure m : Measure.values()) {
      read.of(m).add(decode(json.getString(m.name())));
    }
    return read;
  }

  private static String encode(Histogram histogram) {
    ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(bytes);
    return Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(bytes.array(), length));
  }

  private static Histogram decode(String text) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
      return Histogram.decodeFromCompressedByteBuffer(bytes, MAX_NANOS);
    } catch (DataFormatException e) {
      throw new IllegalStateException("leg errors in cases.jsonl: " + e.getMessage(), e);
    }
  }
}
