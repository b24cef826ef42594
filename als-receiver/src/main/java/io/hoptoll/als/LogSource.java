package io.hoptoll.als;

import io.hoptoll.model.Proxy;

/**
 * One configured log of one proxy. The same request logged by two of them is a copy; logged twice
 * by one of them it is two requests.
 *
 * @param id a hash of proxy, name and kind, 64 bits; the lowest says whether it is the HTTP logger,
 *     which says more than the TCP logger about the same request
 * @param siblings all logs of the same proxy
 */
record LogSource(long id, ProxyLogs siblings) {
  LogSource(Proxy proxy, String logName, boolean http, ProxyLogs siblings) {
    this(hash(proxy, logName) << 1 | (http ? 1 : 0), siblings);
  }

  boolean http() {
    return isHttp(id);
  }

  static boolean isHttp(long id) {
    return (id & 1) != 0;
  }

  private static long hash(Proxy proxy, String logName) {
    return Sightings.mix(
        Sightings.mix(proxy.pod().hashCode(), proxy.nodeId().hashCode()), logName.hashCode());
  }
}
