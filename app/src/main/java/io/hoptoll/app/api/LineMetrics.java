package io.hoptoll.app.api;

import io.hoptoll.correlator.pods.Distribution;
import io.hoptoll.correlator.pods.PodTopology.Link;
import io.hoptoll.correlator.pods.SideTable;
import io.hoptoll.model.Nanos;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * A line's table under the stable names that docs/rover.md maps to Rover's: {@code
 * hoptoll_process_SIDE_ROW_WHAT}. Counters since the line was first seen; times are nanoseconds.
 */
final class LineMetrics {
  private static final String PREFIX = "hoptoll_process_";

  private LineMetrics() {}

  static JsonObject of(Link line) {
    JsonObject all = new JsonObject();
    side(all, PREFIX + "client_", line.client());
    side(all, PREFIX + "server_", line.server());
    return all;
  }

  private static void side(JsonObject all, String prefix, SideTable side) {
    if (isEmpty(side)) {
      return; // this side is in no pod that is watched
    }
    all.put(prefix + "exchange_count", side.exchanges());
    transfer(all, prefix + "write", side.write());
    transfer(all, prefix + "read", side.read());
    event(all, prefix + "write_rtt", side.writeRtt());
    event(all, prefix + "connect", side.connect());
    event(all, prefix + "close", side.close());
    all.put(prefix + "connect_failed_count", side.failedConnects())
        .put(prefix + "close_reset_count", side.resets())
        .put(prefix + "retransmit_count", side.retransmits())
        .put(prefix + "drop_count", side.drops())
        .put(prefix + "min_rtt_micros", side.minRttMicros())
        .put(prefix + "smoothed_rtt_micros", side.smoothedRttMicros());
    account(all, prefix, side.account());
  }

  private static void account(JsonObject all, String prefix, SideTable.Account a) {
    all.put(prefix + "lost_count", a.lost())
        .put(prefix + "out_of_order_count", a.outOfOrder())
        .put(prefix + "dsack_count", a.dsacks())
        .put(prefix + "busy_nanos", a.busyMillis() * Nanos.PER_MILLI)
        .put(
            prefix + "receive_window_limited_nanos",
            a.receiveWindowLimitedMillis() * Nanos.PER_MILLI)
        .put(prefix + "send_buffer_limited_nanos", a.sendBufferLimitedMillis() * Nanos.PER_MILLI)
        .put(prefix + "receive_queue_max_bytes", a.receiveQueueMax())
        .put(prefix + "congestion_window_segments", a.congestionWindow())
        .put(prefix + "send_window_bytes", a.windows().sendBytes())
        .put(prefix + "receive_window_bytes", a.windows().receiveBytes())
        .put(prefix + "delivery_rate_bytes_per_second", a.windows().deliveryBytesPerSecond());
  }

  static boolean isEmpty(SideTable s) {
    return s.exchanges() + s.connect().count() + s.close().count() + s.failedConnects() == 0;
  }

  private static void transfer(JsonObject all, String name, SideTable.Row row) {
    all.put(name + "_bytes", row.bytes());
    event(all, name, row);
  }

  private static void event(JsonObject all, String name, SideTable.Row row) {
    all.put(name + "_count", row.count())
        .put(name + "_nanos", row.nanos().sumNanos())
        .put(name + "_nanos_histogram", histogram(row.nanos()));
  }

  private static JsonObject histogram(Distribution d) {
    JsonArray buckets = new JsonArray();
    for (Distribution.Bucket b : d.buckets()) {
      Object bound = b.upToNanos() == Long.MAX_VALUE ? "+Inf" : b.upToNanos();
      buckets.add(new JsonObject().put("le", bound).put("count", b.count()));
    }
    return new JsonObject().put("count", d.count()).put("buckets", buckets);
  }
}
