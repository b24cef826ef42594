package io.hoptoll.correlator;

/** Numbers summed beside the legs, by edge: what a rule may cite. */
public enum Evidence {
  /** Segments sent again by either sidecar between the pods (E3 and E4). */
  RETRANSMITS("retransmitted segments"),
  /** Requests with at least one of these. */
  REQUESTS_WITH_RETRANSMITS("requests with retransmits"),
  /** Transport time of those requests, ns: is the growth theirs? */
  TRANSPORT_WITH_RETRANSMITS("transport time in requests with retransmits, ns"),
  /** Of these: nothing was acknowledged for 200 ms or more, and what was sent again after that. */
  RETRANSMITS_BY_TIMEOUT("segments sent again by timeout"),
  RETRANSMITS_FAST("segments sent again on duplicate ACKs"),
  RETRANSMITS_PROBE("segments sent again by tail loss probe"),
  /** Packets of these connections that an observed kernel freed undelivered. */
  PACKETS_DROPPED("packets dropped by an observed kernel"),
  RESETS("resets sent or received"),
  /** SYNs and ACKs that the app's listener did not take while the sidecar connected. */
  ACCEPT_QUEUE_DROPS("handshakes that the app's listener dropped"),
  CLOSED_WINDOWS("looks at a closed receive window"),
  SYN_RETRANSMITS("SYN retransmits while the request waited"),
  /** While requests were held whose sidecar then connected elsewhere, or not at all, ns. */
  WAITED_FOR_SYN("time with unanswered SYNs of the sidecar, ns"),
  CONNECTIONS_OPENED("connections opened for a waiting request"),
  /** Sum over requests; divide by REQUESTS_ON_EDGE. */
  MIN_RTT_MICROS("min RTT, µs (sum)"),
  /** Of servers of which nothing else tells; divide by REQUESTS_ON_EDGE. */
  LAST_RTT_MICROS("latest round trip to a server that nothing tells of, µs (sum)"),
  RESPONSE_BYTES("response bytes on the wire"),
  /** Milliseconds the sender had data but no buffer, window or cwnd for it. */
  BUSY_MILLIS("milliseconds with data in flight"),
  /** Messages whose last piece waited for a delayed ACK, by the app that wrote it. */
  ACK_WAITS_CLIENT_APP("requests whose last piece waited for a delayed ACK"),
  ACK_WAITS_SERVER_APP("answers whose last piece waited for a delayed ACK"),
  /** Of all these messages. */
  ACK_WAITS_WRITES("writes of messages that waited for a delayed ACK"),
  FAULT_INJECTED("requests with Envoy's DI or FI flag"),
  ERRORS("error responses (5xx, 429, failing gRPC) or none"),
  RETRIED("requests with more than one attempt"),
  REQUESTS_ON_EDGE("requests"),
  /** What subtraction of ALS durations alone would charge, ns. */
  ALS_CLIENT_SIDECAR("ALS alone: client sidecar, ns"),
  ALS_TRANSPORT("ALS alone: transport, ns"),
  ALS_SERVER_SIDECAR("ALS alone: server sidecar, ns"),
  ALS_SERVER_APP("ALS alone: server app, ns");

  private final String label;

  Evidence(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
