package io.hoptoll.correlator;

import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Nanos;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A hop and the hops its server app made to serve it. */
public final class PathNode {
  /** What ties a hop to the one that caused it. */
  public enum Link {
    /** Nothing: the request's first hop. */
    ROOT,
    REQUEST_ID,
    TRACE_ID,
    /** By time: the app forwarded no header, and only one request was being served meanwhile. */
    INFERRED
  }

  private final Hop hop;
  private Link link = Link.ROOT;
  private List<PathNode> children = List.of();
  private final Edge edge;

  /** What its servers served, while more calls may come; null after, or where none is known. */
  @Nullable Served served;

  /** The parent's attempt that made this call; null: the parent's server made it. */
  private @Nullable HalfHop caller;

  PathNode(Hop hop) {
    this(hop, Edge.of(hop));
  }

  PathNode(Hop hop, Edge edge) {
    this.hop = hop;
    this.edge = edge;
  }

  /** Until it is emitted; a call of its server's. */
  void add(PathNode child, Link how) {
    add(child, how, null);
  }

  /**
   * @param attempt of this hop, whose app made the call; null: its server's did
   */
  void add(PathNode child, Link how, @Nullable HalfHop attempt) {
    if (children.isEmpty()) {
      children = new ArrayList<>(2);
    }
    children.add(child);
    child.link = how;
    child.caller = attempt;
  }

  /** Whether an attempt made it of which the caller took no answer: it waited for another. */
  boolean isOfAttempt() {
    return caller != null;
  }

  boolean isOf(HalfHop attempt) {
    return caller == attempt;
  }

  /** What ties it to the hop that caused it. */
  public Link link() {
    return link;
  }

  public Hop hop() {
    return hop;
  }

  public Edge edge() {
    return edge;
  }

  int childCount() {
    return children.size();
  }

  /** As of {@link #children}, without a list or an iterator for who asks for every hop. */
  PathNode child(int i) {
    return children.get(i);
  }

  public List<PathNode> children() {
    return children.isEmpty() ? children : Collections.unmodifiableList(children);
  }

  /**
   * When a child began on this hop's axis, ns from this hop's start; unset where no clock ties
   * them.
   */
  public long offsetNanos(PathNode child) {
    long shift = shiftOf(child.caller);
    return Nanos.isSet(shift) ? child.startNanos() + shift - startNanos() : Nanos.UNSET;
  }

  /** Ledger axis less the clock of who made the call: this hop's server, or an attempt's. */
  private long shiftOf(@Nullable HalfHop attempt) {
    if (attempt == null) {
      return CriticalPath.serverShift(hop);
    }
    HalfHop client = hop.client();
    return client != null && HopMatch.sameClock(client, attempt) ? 0 : Nanos.UNSET;
  }

  /** Number of hops in this tree. */
  public int size() {
    int n = 1;
    for (int i = 0; i < children.size(); i++) {
      n += children.get(i).size();
    }
    return n;
  }

  long startNanos() {
    return hop.ledger().startNanos();
  }

  long endNanos() {
    return hop.ledger().startNanos() + hop.ledger().totalNanos();
  }
}
