package io.hoptoll.minimesh;

/**
 * @param rate requests a second, open loop
 * @param connections in flight at most
 * @param keepAlive reuse connections to the sidecar
 * @param requestId {@code -}: the sidecar makes one; {@code fresh}: one a request; {@code traced}:
 *     the sidecar makes one, and each request has a traceparent of its own; else this for all
 */
public record LoadPlan(
    String service,
    String path,
    double rate,
    int connections,
    boolean keepAlive,
    String requestId,
    Protocol protocol) {

  /** HTTP/1.1; plain TCP; gRPC, whose path is {@code /minimesh.Shop/Get} (unary) or List. */
  public enum Protocol {
    HTTP,
    TCP,
    GRPC
  }

  /** HTTP/1.1. */
  public LoadPlan(
      String service,
      String path,
      double rate,
      int connections,
      boolean keepAlive,
      String requestId) {
    this(service, path, rate, connections, keepAlive, requestId, Protocol.HTTP);
  }

  /** Unary calls, or with {@code streaming} calls answered by several messages; one connection. */
  public static LoadPlan grpc(String service, boolean streaming, double rate, int inFlight) {
    String path = "/minimesh.Shop/" + (streaming ? "List" : "Get");
    return new LoadPlan(service, path, rate, inFlight, true, "-", Protocol.GRPC);
  }

  /** 64 bytes there and back over plain TCP. */
  public static LoadPlan tcp(String service, double rate, int connections, boolean keepAlive) {
    return new LoadPlan(service, "-", rate, connections, keepAlive, "-", Protocol.TCP);
  }

  public static LoadPlan of(String service, String path, double rate, int connections) {
    return new LoadPlan(service, path, rate, connections, true, "-");
  }
}
