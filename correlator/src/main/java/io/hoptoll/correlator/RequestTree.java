package io.hoptoll.correlator;

import io.hoptoll.model.HalfHop;
import io.hoptoll.model.ResponseFlag;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked of all hops of a request while it is put together. */
final class RequestTree {
  private RequestTree() {}

  /**
   * Whether what its apps called while they served bears the request's id, if they call at all:
   * then the ids that entries announce tell what is still to come.
   */
  static boolean namesItsCalls(PathNode node) {
    boolean all = true;
    for (Served s = node.served; all && s != null; s = s.next) {
      all = s.namesItsCalls();
    }
    for (int i = 0; all && i < node.childCount(); i++) {
      all = namesItsCalls(node.child(i));
    }
    return all;
  }

  /** Whether an app may call longer than it was waited for. */
  static boolean mayCallOn(PathNode node, long nowNanos) {
    boolean may = isGivenUp(node.hop().server());
    List<HalfHop> attempts = node.hop().attempts();
    for (int i = 0; !may && i < attempts.size(); i++) {
      may = isGivenUp(attempts.get(i));
    }
    for (Served s = node.served; !may && s != null; s = s.next) {
      may = s.pod.hasOutlasted(nowNanos);
    }
    for (int i = 0; !may && i < node.childCount(); i++) {
      may = mayCallOn(node.child(i), nowNanos);
    }
    return may;
  }

  private static boolean isGivenUp(@Nullable HalfHop server) {
    return server != null
        && (server.isUnanswered()
            || server.span().outcome().code() == 0
            || server.span().outcome().has(ResponseFlag.DC));
  }

  static boolean hasSockets(PathNode node) {
    boolean has = hasSockets(node.hop().client()) || hasSockets(node.hop().server());
    for (int i = 0; !has && i < node.childCount(); i++) {
      has = hasSockets(node.child(i));
    }
    return has;
  }

  private static boolean hasSockets(@Nullable HalfHop half) {
    return half != null && half.sockets().isSeen();
  }
}
