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
    addNamed(byTrace, parent, found);
    addNamed(byRequest, parent, found);
    Collections.reverse(found); // the table has them the other way round
    return found;
  }

  private void addNamed(
      @Nullable CallName<WaitingHop> first, Served parent, List<WaitingHop> found) {
    for (CallName<WaitingHop> at = first; at != null; at = byName.next(at)) {
      if (parent.servesAt(at.owner.node.startNanos())) {
        found.add(at.owner);
      }
    }
  }
}
