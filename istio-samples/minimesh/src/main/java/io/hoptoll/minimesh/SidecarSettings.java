package io.hoptoll.minimesh;

/**
 * What can be changed on a pod's sidecar while it runs: pushed over ADS.
 *
 * @param luaBusyMillis a Lua filter burns this much CPU on each inbound request
 * @param luaBusyOutbound the same on outbound requests
 * @param maxConnections outbound circuit breaker; Istio's default is no limit
 * @param requestsPerConnection outbound max_requests_per_connection, 0: no limit
 * @param timeoutMillis outbound route timeout, 0: none (Istio's default)
 * @param connectTimeoutMillis Istio's default is 10 s
 */
public record SidecarSettings(
    int luaBusyMillis,
    int luaBusyOutbound,
    int maxConnections,
    int requestsPerConnection,
    int timeoutMillis,
    int connectTimeoutMillis) {
  public static final SidecarSettings DEFAULT =
      new SidecarSettings(0, 0, Integer.MAX_VALUE, 0, 0, 10_000);

  public SidecarSettings withLuaBusyMillis(int millis) {
    return new SidecarSettings(
        millis,
        luaBusyOutbound,
        maxConnections,
        requestsPerConnection,
        timeoutMillis,
        connectTimeoutMillis);
  }

  public SidecarSettings withLuaBusyOutbound(int millis) {
    return new SidecarSettings(
        luaBusyMillis,
        millis,
        maxConnections,
        requestsPerConnection,
        timeoutMillis,
        connectTimeoutMillis);
  }

  public SidecarSettings withMaxConnections(int max) {
    return new SidecarSettings(
        luaBusyMillis,
        luaBusyOutbound,
        max,
        requestsPerConnection,
        timeoutMillis,
        connectTimeoutMillis);
  }

  public SidecarSettings withRequestsPerConnection(int max) {
    return new SidecarSettings(
        luaBusyMillis, luaBusyOutbound, maxConnections, max, timeoutMillis, connectTimeoutMillis);
  }
}
