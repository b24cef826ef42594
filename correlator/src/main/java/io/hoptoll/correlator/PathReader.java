package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the windows of one path for one question: all that it has read number their legs and
 * evidence alike, so that none has to be looked up by its name when they are merged. A day has 144
 * of them, with a hundred slots each.
 */
final class PathReader {
  private final WindowCodec.Names names;
  private final JoinCounters counters;
  private final Slots slots = new Slots();
  private final Map<Edge, Edge> edges = new HashMap<>();

  /** The slots of the window before, in its order: the next one mostly has the same. */
  private int[] before = {};

  PathReader(WindowCodec.Names names, JoinCounters counters) {
    this.names = names;
    this.counters = counters;
  }

  /** As {@link In} for bytes that are no path's window. */
  PathWindow read(byte[] bytes) {
    In in = In.of(bytes, WindowCodec.VERSION);
    EdgeTable table = new EdgeTable(edges);
    Sketch totals = Sketch.read(in);
    int[] own = new int[in.count()];
    PackedLegs legs = new PackedLegs(bytes, Math.max(own.length, slots.size()), counters);
    for (int i = 0; i < own.length; i++) {
      own[i] = slot(in, table, i);
      int start = in.at();
      if (Sketch.skip(in) > 0 && own[i] >= 0) {
        legs.put(own[i], start);
      }
    }
    before = own;
    PathWindow window = new PathWindow(slots, totals, legs);
    for (int n = in.count(); n > 0; n--) {
      bucket(in, window, own);
    }
    for (int n = in.count(); n > 0; n--) {
      failure(in, table, window);
    }
    return window;
  }

  /** The number of the slot that stands at a place; -1: it is of names that are gone. */
  private int slot(In in, EdgeTable table, int place) {
    Edge edge = table.read(in);
    long kinds = names.kinds().ordinals(in.number());
    long number = in.number();
    Evidence evidence = number == 0 ? null : names.evidence().of(number - 1);
    if (kinds == 0 && evidence == null) {
      return -1;
    }
    int guess = place < before.length ? before[place] : -1;
    if (guess >= 0 && isSame(slots.get(guess), edge, kinds, evidence)) {
      return guess;
    }
    return slots.of(new Slot(edge, kinds, evidence));
  }

  @SuppressWarnings("ReferenceEquality") // each edge is one object here; another is looked up
  private static boolean isSame(Slot slot, Edge edge, long kinds, @Nullable Evidence evidence) {
    return slot.edge() == edge && slot.kinds() == kinds && slot.evidence() == evidence;
  }

  private static void bucket(In in, PathWindow window, int[] own) {
    Bucket bucket = window.bucket((int) in.number());
    bucket.count += in.number();
    bucket.totalNanos += in.number();
    bucket.errors += in.number();
    for (int slot : own) {
      long sum = in.signed();
      if (slot >= 0 && sum != 0) {
        bucket.add(slot, sum);
      }
    }
  }

  private void failure(In in, EdgeTable table, PathWindow window) {
    Cause cause = names.causes().of(in.number());
    Party party = names.parties().of(in.number());
    Edge edge = table.read(in);
    String said = in.text();
    long requests = in.number();
    if (cause != null && party != null) {
      window.failed(new Failure(cause, party, edge, said), requests);
    }
  }
}
