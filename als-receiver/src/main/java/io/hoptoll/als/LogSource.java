package io.hoptoll.als;

import io.hoptoll.model.Proxy;

/**
 * One configured log of one proxy. The same request logged by two of them is a copy; logged twice
 * by one of them it is two requests.
 *
 * @param id a hash of the others, 64 bits; the lowest says whether it is the HTTP logger, which
 *     says more than the TCP logger about the same request
 */
record LogSource(long id) {
  LogSource(Proxy proxy, String logName, boolean http) {
    this(hash(proxy, logName) << 1 | (http ? 1 : 0));
  }

  boolean http() {
    return isHttp(id);
  }

  static boolean isHttp(long id) {
    return (id & 1) != 0;
  }

  private static long hash(Proxy proxy, String logName) {
    return Sightings.mix(
        Sightings.mix(proxy.hashCode(), proxy.nodeId().hashCode()), logName.hashCode());
  }
}
