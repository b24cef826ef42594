package io.hoptoll.correlator;

import io.hoptoll.model.Cause;

/**
 * What to do, by cause: the one table of these texts. Istio objects and fields where it has a knob.
 */
final class Remedies {
  private Remedies() {}

  /** Of a {@link Cause#DEPENDENCY} that is the server itself, outside what is seen. */
  static String ofServerOutside() {
    return "Look at that server's own logs and metrics for these requests: neither a sidecar nor an"
        + " agent tells of it. If it answered in time, look at the way back from it: an answer lost"
        + " or held up there is sent again by that server, which only its own host sees"
        + " (retransmits, drops, shaping).";
  }

  static String of(Cause cause) {
    return switch (cause) {
      case APP_SERVICE_TIME ->
          "Profile the app's handler, what it waits for too: locks, pools (also of database"
              + " connections), timers, disks, names to resolve. No request of the mesh explains it.";
      case APP_PICKUP_DELAY ->
          "Look for blocking calls on the event loop, or raise the app's workers or replicas.";
      case APP_CPU_THROTTLED ->
          "Raise or remove the app container's resources.limits.cpu, or add replicas.";
      case APP_FROZEN ->
          "Something stops the app's process: a debugger, SIGSTOP, a checkpoint, the freezer.";
      case APP_ACCEPT_QUEUE_FULL ->
          "Raise the app's listen backlog (and net.core.somaxconn) or accept faster.";
      case APP_SLOW_READER -> "Read the body faster, or bound what is asked for.";
      case APP_SLOW_SENDER -> "Find what the app waits for while it streams its body.";
      case DEPENDENCY ->
          "Look at what the app called, named above: it is outside the mesh, or no access log tells"
              + " of it, or it still hangs, or the app forwards it no x-request-id or"
              + " traceparent. The app itself is not slow.";
      case SIDECAR_CPU_THROTTLED ->
          "Raise annotation sidecar.istio.io/proxyCPULimit (or ProxyConfig resources) of this pod.";
      case SIDECAR_FROZEN -> "Something stops the sidecar's process: see the node and its freezer.";
      case SIDECAR_WORKER_QUEUE ->
          "Raise ProxyConfig.concurrency, or find the filter that keeps Envoy's worker busy.";
      case SIDECAR_FILTER ->
          "Look at EnvoyFilter, WasmPlugin, ext_authz and VirtualService.fault for this workload;"
              + " where hosts are resolved on demand (dynamic forward proxy), at its DNS.";
      case SIDECAR_POOL_WAIT ->
          "Raise DestinationRule trafficPolicy.connectionPool.tcp.maxConnections for this host.";
      case SIDECAR_TLS_HANDSHAKE ->
          "Reuse connections: DestinationRule connectionPool.http.maxRequestsPerConnection and"
              + " idleTimeout.";
      case SIDECAR_RETRIES ->
          "See why attempts fail; VirtualService.http.retries (attempts, perTryTimeout, retryOn).";
      case TRANSPORT_LOSS ->
          "Look for drops on the path between these nodes: NIC, overlay, policy, conntrack table.";
      case TRANSPORT_RTT ->
          "Compare the placement of the two pods (zone, node) and the path between their nodes.";
      case TRANSPORT_CONNECT ->
          "Find who drops SYNs: NetworkPolicy, conntrack table, listen queue, node firewall.";
      case TRANSPORT_BANDWIDTH ->
          "Look at shaping and saturation of the path; shrink or compress the bodies.";
      case APP_NOT_LISTENING ->
          "The app's port refuses connections: see the container's restarts, its port and the"
              + " Service's targetPort.";
      case APP_RESET ->
          "The app closed or reset the connection before it answered: see its restarts, its"
              + " keep-alive time-out (longer than the sidecar's idle time-out) and its limits.";
      case APP_ERROR -> "The app itself answered with an error: see its log for these requests.";
      case CLIENT_ABORT ->
          "The caller gave up before the answer came: compare its time-out with the path's p99.";
      case CLIENT_HEADERS_TOO_LARGE ->
          "The caller's headers are more than Envoy takes (60 KiB, 100 of them): shrink cookies and"
              + " tokens, or raise max_request_headers_kb and max_headers_count (EnvoyFilter).";
      case SIDECAR_OVERFLOW ->
          "Raise DestinationRule trafficPolicy.connectionPool (http1MaxPendingRequests,"
              + " http2MaxRequests, tcp.maxConnections), or shed load earlier.";
      case SIDECAR_RATE_LIMITED ->
          "A rate limit answered: see EnvoyFilter (local or global rate limit) for this workload.";
      case SIDECAR_DENIED ->
          "A policy denied it: see AuthorizationPolicy, RequestAuthentication and ext_authz here.";
      case SIDECAR_NO_ROUTE ->
          "No route matches: see VirtualService hosts and matches, Gateway, and the request's host.";
      case SIDECAR_NO_CLUSTER ->
          "The route names a cluster that does not exist: see VirtualService destination.host and"
              + " subset, and whether the Service is in the Sidecar's egress hosts.";
      case SIDECAR_NO_HEALTHY_UPSTREAM ->
          "No healthy endpoint: see the Deployment's replicas, readiness, and DestinationRule"
              + " outlierDetection; of a ServiceEntry with resolution DNS, whether its name"
              + " resolves.";
      case SIDECAR_TIMEOUT_SET_TOO_LOW ->
          "VirtualService.http.timeout (or retries.perTryTimeout) ends requests that the server"
              + " still works on: raise it, or see what makes the server slow.";
      case SIDECAR_OVERLOAD_MANAGER ->
          "Envoy's overload manager sheds: raise the sidecar's memory limit, or lower its load.";
      case SIDECAR_DNS -> "The name of the upstream does not resolve: see ServiceEntry and DNS.";
      case SIDECAR_PROTOCOL_SNIFFING ->
          "The bytes are not what the port promises: name the Service port (http-, grpc-, tcp-) or"
              + " set appProtocol; long waits come from protocolDetectionTimeout.";
      case TRANSPORT_RESET ->
          "Connections are reset between the sidecars: see conntrack time-outs, network policy,"
              + " and whether the peer's sidecar restarts or drains.";
      case TRANSPORT_DROPPED ->
          "A node of this path drops the packets itself, by the reason above: QDISC_* is a full or"
              + " shaped egress queue (tc -s qdisc), CPU_BACKLOG net.core.netdev_max_backlog,"
              + " SOCKET_* and PROTO_MEM the receiver's memory (tcp_rmem, tcp_mem), NEIGH_* ARP.";
      case TRANSPORT_DELAYED_ACK ->
          "Set TCP_NODELAY on the app's socket, or write head and body in one piece: small writes"
              + " wait for a delayed ACK (about 40 ms each).";
      case UNRESOLVED ->
          "Run the agent (eBPF) on the nodes of both pods: access logs alone bound this delay, but"
              + " cannot say whose it is. Of a server outside the mesh only its own logs can tell.";
    };
  }
}
