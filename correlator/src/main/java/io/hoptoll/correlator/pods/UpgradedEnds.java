package io.hoptoll.correlator.pods;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Latest;
import java.util.Map;

/**
 * Client ends of connections that spoke another protocol than HTTP at their end, as their access
 * log entries tell: remembered as long as what they left without an answer, since ports are used
 * again. Of too many the first are forgotten.
 */
final class UpgradedEnds {
  private final Map<Endpoint, Long> ends = Latest.used(Limits.UPGRADED_ENDS);

  void add(Endpoint client, long nowNanos) {
    if (client.isSet()) {
      ends.put(client, nowNanos);
    }
  }

  boolean has(Endpoint client, long nowNanos) {
    Long at = ends.get(client);
    return at != null && nowNanos - at < Limits.GIVEN_UP_NANOS;
  }
}
