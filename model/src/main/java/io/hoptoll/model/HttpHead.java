package io.hoptoll.model;

/**
 * What is kept of an HTTP message's head; all else of it is dropped where it is read. What is not
 * there is empty.
 *
 * @param method of a request
 * @param path of a request, without its query, which may hold secrets
 * @param status of a response, 0 in a request; of gRPC {@code grpc-status} where that is not 0
 * @param host field Host, or :authority
 * @param requestId field x-request-id
 * @param traceparent field traceparent (W3C Trace Context)
 * @param b3 field b3, or its older parts in that form: {@code TRACEID-SPANID-SAMPLED}
 * @param cut more of the head followed than was read: the path may be its begin only, fields may be
 *     missing
 */
public record HttpHead(
    String method,
    String path,
    int status,
    String host,
    String requestId,
    String traceparent,
    String b3,
    boolean cut) {
  public boolean isRequest() {
    return !method.isEmpty();
  }
}
