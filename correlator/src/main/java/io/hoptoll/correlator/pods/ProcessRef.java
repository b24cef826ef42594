package io.hoptoll.correlator.pods;

import org.jspecify.annotations.Nullable;

/** A process on its node; tgid 0: the owner of a socket that no process has used yet. */
record ProcessRef(String node, int tgid) {
  // By hand: looked up for every exchange, and a record's own two are several times slower.
  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof ProcessRef p && tgid == p.tgid && node.equals(p.node);
  }

  @Override
  public int hashCode() {
    return 31 * node.hashCode() + tgid;
  }
}
