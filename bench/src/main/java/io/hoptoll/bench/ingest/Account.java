package io.hoptoll.bench.ingest;

import io.vertx.core.json.JsonObject;

/**
 * Where every entry went, as {@code /healthz} tells it.
 *
 * @param read entries that the receiver handed on
 * @param refused entries that it did not: copies and what cannot be used
 * @param shed left out by request while more came than could be done
 * @param dropped left out because the queue was full
 * @param taken entries that the correlator took
 * @param joined entries in hops with both sides, two each, and attempts attached to them
 * @param unmatched entries of hops with one side
 * @param overflowed entries for which a waiting room had no place
 * @param queued records that wait for the correlator
 * @param level of shedding
 */
record Account(
    long read,
    long refused,
    long shed,
    long dropped,
    long taken,
    long joined,
    long unmatched,
    long overflowed,
    long queued,
    long level) {

  static Account of(JsonObject health) {
    JsonObject parts = health.getJsonObject("components");
    JsonObject als = parts.getJsonObject("als");
    JsonObject correlator = parts.getJsonObject("correlator");
    JsonObject counts = correlator.getJsonObject("counts");
    return new Account(
        sum(als.getJsonObject("entries")),
        als.getLong("duplicates")
            + als.getLong("sinkFailures")
            + sum(als.getJsonObject("malformed")),
        correlator.getLong("shed"),
        correlator.getLong("dropped"),
        counts.getLong("spans_in"),
        2 * (counts.getLong("hops_full") + counts.getLong("hops_partial"))
            + counts.getLong("attempts_attached"),
        counts.getLong("hops_half")
            + counts.getLong("span_not_end")
            + counts.getLong("attempts_ambiguous"),
        counts.getLong("dropped_spans"),
        correlator.getLong("queued"),
        correlator.getLong("sheddingLevel"));
  }

  /** Nothing waits, and every entry that was sent is in exactly one of the others. */
  boolean balances(long sent) {
    return queued == 0
        && sent == read + refused
        && read == taken + shed + dropped
        && taken == joined + unmatched + overflowed;
  }

  String text(long sent) {
    return "sent %,d = joined %,d + unmatched %,d + shed %,d + dropped %,d + overflowed %,d + refused %,d%s"
        .formatted(
            sent,
            joined,
            unmatched,
            shed,
            dropped,
            overflowed,
            refused,
            balances(sent)
                ? ", to the entry"
                : "; off by %,d (read %,d, taken %,d, queued %,d)"
                    .formatted(
                        sent - joined - unmatched - shed - dropped - overflowed - refused,
                        read,
                        taken,
                        queued));
  }

  private static long sum(JsonObject numbers) {
    return numbers.stream().mapToLong(e -> ((Number) e.getValue()).longValue()).sum();
  }
}
