package io.hoptoll.correlator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Halves by request id: chains through the halves themselves, as every one enters and leaves, and
 * only retried requests ask.
 */
final class HalvesById {
  private @Nullable WaitingHalf[] chains = new WaitingHalf[1_024];
  private int size;

  void add(WaitingHalf w) {
    if (w.requestHash() == 0) {
      return;
    }
    if (size++ == chains.length) {
      grow();
    }
    enter(w);
  }

  /** Nothing where it is not there. */
  void take(WaitingHalf w) {
    int chain = chain(w.idHash);
    WaitingHalf before = null;
    for (WaitingHalf at = chains[chain]; at != null; before = at, at = at.nextById) {
      if (at == w) {
        if (before == null) {
          chains[chain] = w.nextById;
        } else {
          before.nextById = w.nextById;
        }
        w.nextById = null;
        size--;
        return;
      }
    }
  }

  /** In the order in which they came. */
  List<WaitingHalf> of(long requestHash) {
    List<WaitingHalf> found = new ArrayList<>(2);
    int chain = chain(WaitingHalf.shortHash(requestHash));
    for (WaitingHalf w = chains[chain]; w != null; w = w.nextById) {
      if (w.requestHash() == requestHash) {
        found.add(w);
      }
    }
    Collections.reverse(found);
    return found;
  }

  private void enter(WaitingHalf w) {
    int chain = chain(w.idHash);
    w.nextById = chains[chain];
    chains[chain] = w;
  }

  /** Chains are turned round, so that what came last stays first. */
  private void grow() {
    @Nullable WaitingHalf[] before = chains;
    chains = new WaitingHalf[2 * before.length];
    for (WaitingHalf first : before) {
      List<WaitingHalf> chain = new ArrayList<>(4);
      for (WaitingHalf w = first; w != null; w = w.nextById) {
        chain.add(w);
      }
      Collections.reverse(chain);
      chain.forEach(this::enter);
    }
  }

  private int chain(int idHash) {
    return (idHash ^ idHash >>> 16) & chains.length - 1;
  }
}
