package io.hoptoll.minimesh;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * Envoy names itself in a stream's first request only; java-control-plane's cache looks the node up
 * in each. This puts the first one's node into those that have none.
 */
final class NodeOnEveryRequest implements ServerInterceptor {
  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    return new SimpleForwardingServerCallListener<Q>(next.startCall(call, headers)) {
      private Node node = Node.getDefaultInstance();

      @Override
      @SuppressWarnings("unchecked") // the same type goes back in
      public void onMessage(Q message) {
        if (message instanceof DiscoveryRequest request) {
          node = request.hasNode() ? request.getNode() : node;
          super.onMessage((Q) request.toBuilder().setNode(node).build());
        } else {
          super.onMessage(message);
        }
      }
    };
  }
}
