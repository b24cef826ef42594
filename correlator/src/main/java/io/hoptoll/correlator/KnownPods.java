package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Latest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pods of all hops, one object for each: found in a table of fixed size that is written over,
 * and behind it by name, those that were looked for last.
 */
final class KnownPods {
  private static final int PLACES = 4_096;

  private final @Nullable PodHabits[] places = new PodHabits[PLACES];
  private final Map<PodKey, PodHabits> pods = Latest.used(Limits.NAMESPACES);

  /** The pod that called. */
  PodHabits callerOf(HalfHop client) {
    return of(client, client.span().downstreamDirectRemote());
  }

  /** The pod that was called, as {@link #callerOf} would name it. */
  PodHabits serverOf(HalfHop server) {
    return of(server, server.span().upstreamRemote());
  }

  /** The namespace on its node; where no agent sees it, the pod's address. */
  private PodHabits of(HalfHop half, Endpoint own) {
    return half.node().isEmpty()
        ? of("", own.ipLow() ^ Long.rotateLeft(own.ipHigh(), 32))
        : of(half.node(), half.netns());
  }

  private PodHabits of(String node, long netns) {
    int place = (int) ((netns + node.hashCode()) * 0x9E37_79B9_7F4A_7C15L >>> 32) & PLACES - 1;
    PodHabits known = places[place];
    if (known == null || known.key.netns() != netns || !known.key.node().equals(node)) {
      known = pods.computeIfAbsent(new PodKey(node, netns), PodHabits::new);
      places[place] = known;
    } else if (pods.size() > Limits.NAMESPACES / 2) {
      pods.putIfAbsent(known.key, known); // used again
    }
    return known;
  }
}
