package io.hoptoll.correlator;

import io.hoptoll.model.Cause;

/**
 * What to do, by cause: the one table of these texts. Istio objects and fields where it has a knob.
 */
final class Remedies {
  private Remedies() {}

  static String of(Cause cause) {
    return switch (cause) {
      case APP_SERVICE_TIME -> "Profile the app's handler: it is neither the mesh nor the network.";
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
      case DEPENDENCY -> "See the hop that the app called.";
      case SIDECAR_CPU_THROTTLED ->
          "Raise annotation sidecar.istio.io/proxyCPULimit (or ProxyConfig resources) of this pod.";
      case SIDECAR_FROZEN -> "Something stops the sidecar's process: see the node and its freezer.";
      case SIDECAR_WORKER_QUEUE ->
          "Raise ProxyConfig.concurrency, or find the filter that keeps Envoy's worker busy.";
      case SIDECAR_FILTER ->
          "Look at EnvoyFilter, WasmPlugin, ext_authz and VirtualService.fault for this workload.";
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
      case UNRESOLVED ->
          "Run the agent (eBPF) on the nodes of both pods: access logs alone bound this delay, but"
              + " cannot say whose it is.";
      default -> "No remedy is known for this cause yet.";
    };
  }
}
