package io.hoptoll.correlator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls without a parent, by the names that what they were made for would share with them. */
final class NamedCalls {
  private final NameTable<WaitingHop> byName = new NameTable<>();

  void add(WaitingHop w) {
    byName.add(w.request);
    byName.add(w.trace);
  }

  void remove(WaitingHop w) {
    byName.remove(w.request);
    byName.remove(w.trace);
  }

  /** Those that this may have made, in the order of arrival; by one name before by the other. */
  List<WaitingHop> of(Served parent) {
    CallName<WaitingHop> byRequest = byName.first(parent.request);
    CallName<WaitingHop> byTrace = byName.first(parent.trace);
    if (byRequest == null && byTrace == null) {
      return List.of(); // most
    }
    List<WaitingHop> found = new ArrayList<>(2);
    addNamed(byTrace, parent, true, found);
    addNamed(byRequest, parent, false, found);
    Collections.reverse(found); // the table has them the other way round
    return found;
  }

  /** The latest that are looked at; of more that bear one name the others wait for their turn. */
  private void addNamed(
      @Nullable CallName<WaitingHop> first,
      Served parent,
      boolean unlessByRequest,
      List<WaitingHop> found) {
    int looked = 0;
    for (CallName<WaitingHop> at = first;
        at != null && looked++ < Limits.NAMESAKES_LOOKED_AT;
        at = byName.next(at)) {
      WaitingHop call = at.owner;
      boolean isByRequest = !call.request.isNone() && call.request.equals(parent.request);
      if (parent.servesAt(call.node.startNanos()) && !(unlessByRequest && isByRequest)) {
        found.add(call);
      }
    }
  }
}
