package io.hoptoll.minimesh;

import java.util.ArrayList;
import java.util.List;

/**
 * Which pods there are. The first one is the client: it holds the load generator.
 *
 * @param speaksGrpc the services also speak gRPC, on a port named as Istio's grpc-* ports
 */
public record Topology(List<PodSpec> pods, boolean speaksGrpc) {
  public Topology {
    pods = List.copyOf(pods);
  }

  /** HTTP/1.1 and TCP only. */
  public Topology(List<PodSpec> pods) {
    this(pods, false);
  }

  /** client → hop1 → hop2, two pods each, in gRPC; plain TCP and HTTP/1.1 are there as well. */
  public static Topology grpc() {
    return new Topology(chain(2, 2).pods(), true);
  }

  /** client → duo, one pod with two app containers: one serves HTTP/1.1 and TCP, the other gRPC. */
  public static Topology twoContainers() {
    return new Topology(
        List.of(
            new PodSpec("client", "client", List.of()),
            new PodSpec("duo-v1", "duo", List.of(), true)),
        true);
  }

  /** Istio's Bookinfo: productpage → details, then reviews v1|v2|v3 → (v2, v3) ratings. */
  public static Topology bookinfo() {
    return new Topology(
        List.of(
            new PodSpec("client", "client", List.of()),
            new PodSpec("productpage-v1", "productpage", List.of("details", "reviews")),
            new PodSpec("details-v1", "details", List.of()),
            new PodSpec("reviews-v1", "reviews", List.of()),
            new PodSpec("reviews-v2", "reviews", List.of("ratings")),
            new PodSpec("reviews-v3", "reviews", List.of("ratings")),
            new PodSpec("ratings-v1", "ratings", List.of())));
  }

  /** client → hop1 → hop2 … : a chain of {@code hops} calls, {@code replicas} pods each. */
  public static Topology chain(int hops, int replicas) {
    List<PodSpec> pods = new ArrayList<>();
    pods.add(new PodSpec("client", "client", List.of()));
    for (int hop = 1; hop <= hops; hop++) {
      List<String> calls = hop < hops ? List.of("hop" + (hop + 1)) : List.of();
      for (int r = 1; r <= replicas; r++) {
        pods.add(new PodSpec("hop" + hop + "-v" + r, "hop" + hop, calls));
      }
    }
    return new Topology(pods);
  }

  /** Services in order of first mention, the client's left out. */
  List<String> services() {
    return pods.stream().skip(1).map(PodSpec::service).distinct().toList();
  }
}
