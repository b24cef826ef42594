package io.hoptoll.correlator.pods;

import io.hoptoll.model.SocketTuple;
import java.util.List;

/**
 * The processes of a pod, its peers and the lines between them.
 *
 * @param lines client to server, busiest first
 * @param inFlight requests without a byte of answer, oldest first, at most 64
 */
public record PodTopology(
    PodName pod,
    List<Member> processes,
    List<Peer> peers,
    List<Link> lines,
    List<InFlight> inFlight) {
  public PodTopology {
    processes = List.copyOf(processes);
    peers = List.copyOf(peers);
    lines = List.copyOf(lines);
    inFlight = List.copyOf(inFlight);
  }

  /**
   * A process inside.
   *
   * @param kind {@code app}, {@code envoy}, {@code pilot_agent} or {@code ztunnel}
   * @param container its name, or the first digits of its id, or empty
   */
  public record Member(
      String id,
      int tgid,
      String name,
      String executable,
      String kind,
      boolean sidecar,
      String container,
      boolean ended) {}

  /**
   * A peer outside.
   *
   * @param port a server's, 0 for a client
   * @param name the pod's {@code NAMESPACE/NAME}, empty where nobody named the address
   */
  public record Peer(String id, String address, int port, String name, String workload) {}

  /**
   * A line.
   *
   * @param protocol {@link io.hoptoll.model.WireProtocol#label} of what the first bytes say; of
   *     HTTP inside TLS access logs tell, too
   * @param serverPorts as the server's end names them, else the client's
   * @param serverNames that TLS clients ask for (SNI), at most eight
   * @param client what the client's sockets show; empty where that side is outside
   * @param server likewise
   * @param http as its server saw it, or its client where the server is outside
   */
  public record Link(
      String id,
      String from,
      String to,
      String protocol,
      List<Integer> serverPorts,
      List<String> serverNames,
      SideTable client,
      SideTable server,
      HttpTable http) {
    public Link {
      serverPorts = List.copyOf(serverPorts);
      serverNames = List.copyOf(serverNames);
    }
  }

  /**
   * A request that was not answered yet.
   *
   * @param process whose socket it is
   * @param outgoing this process asks; else it is asked
   * @param method empty, as all that follows, where heads are not looked at
   */
  public record InFlight(
      String process,
      boolean outgoing,
      SocketTuple tuple,
      String method,
      String path,
      String host,
      String requestId,
      long ageNanos) {}
}
