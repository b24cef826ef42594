package io.hoptoll.minimesh;

/**
 * @param rate requests a second, open loop
 * @param connections in flight at most
 * @param keepAlive reuse connections to the sidecar
 * @param requestId {@code -}: the sidecar makes one; {@code fresh}: one a request; else this for
 *     all
 */
public record LoadPlan(
    String service,
    String path,
    double rate,
    int connections,
    boolean keepAlive,
    String requestId) {
  public static LoadPlan of(String service, String path, double rate, int connections) {
    return new LoadPlan(service, path, rate, connections, true, "-");
  }
}
