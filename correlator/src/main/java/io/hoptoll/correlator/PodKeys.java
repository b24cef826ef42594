package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.HalfHop;
import org.jspecify.annotations.Nullable;

/**
 * One {@link PodKey} for all hops of a pod, in a table of fixed size that forgets by writing over:
 * two of every hop that waits would be objects of their own.
 */
final class PodKeys {
  private static final int PLACES = 4_096;

  private final @Nullable PodKey[] keys = new PodKey[PLACES];

  /** The pod that called. */
  PodKey callerOf(HalfHop client) {
    return of(client, client.span().addresses().downstreamDirectRemote());
  }

  /** The pod that was called, as {@link #callerOf} would name it. */
  PodKey serverOf(HalfHop server) {
    return of(server, server.span().addresses().upstreamRemote());
  }

  /** The namespace on its node; where no agent sees it, the pod's address. */
  private PodKey of(HalfHop half, Endpoint own) {
    return half.node().isEmpty()
        ? of("", own.ipLow() ^ Long.rotateLeft(own.ipHigh(), 32))
        : of(half.node(), half.netns());
  }

  private PodKey of(String node, long netns) {
    int place = (int) ((netns + node.hashCode()) * 0x9E37_79B9_7F4A_7C15L >>> 32) & PLACES - 1;
    PodKey known = keys[place];
    if (known == null || known.netns() != netns || !known.node().equals(node)) {
      known = new PodKey(node, netns);
      keys[place] = known;
    }
    return known;
  }
}
