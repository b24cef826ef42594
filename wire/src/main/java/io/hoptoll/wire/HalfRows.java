package io.hoptoll.wire;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHopReport;
import io.hoptoll.model.HalfHopReport.Absent;
import io.hoptoll.model.HalfHopReport.End;
import io.hoptoll.model.HalfHopReport.Named;
import io.hoptoll.model.HalfHopReport.Whole;
import io.hoptoll.model.UpstreamPool;
import io.hoptoll.model.UpstreamPool.Connecting;
import java.util.ArrayList;
import java.util.List;

/** Columns of half hops that the agent joined. */
final class HalfRows {
  static final int HALF = 17;

  private static final int ABSENT = 0;
  private static final int NAMED = 1;
  private static final int WHOLE = 2;

  private HalfRows() {}

  static void write(RowOut out, HalfHopReport h) {
    out.begin(HALF);
    SpanRows.writePart(out, h.span());
    out.flag(h.announced()).flag(!h.node().isEmpty()).number(h.netns()).instant(h.startNanos());
    write(out, h.callingApp());
    write(out, h.downstream());
    write(out, h.upstream());
    write(out, h.servingApp());
    write(out, h.pool());
    out.end();
  }

  static HalfHopReport half(RowIn in) throws WireException {
    var span = SpanRows.part(in);
    boolean announced = in.flag();
    String node = in.flag() ? in.node() : "";
    return new HalfHopReport(
        span,
        announced,
        node,
        in.number(),
        in.instant(),
        end(in),
        end(in),
        end(in),
        end(in),
        pool(in));
  }

  private static void write(RowOut out, End end) {
    if (end instanceof Named n) {
      out.number(NAMED).endpoint(n.connecting()).number(n.socketId()).number(n.turn());
    } else if (end instanceof Whole w) {
      out.number(WHOLE);
      int part = out.beginPart();
      TurnRows.writePart(out, w.exchange());
      out.endPart(part);
    } else {
      out.number(ABSENT);
    }
  }

  private static End end(RowIn in) throws WireException {
    long what = in.number();
    if (what == NAMED) {
      return new Named(in.endpoint(), in.socket(), in.integer());
    }
    if (what != WHOLE) {
      return new Absent();
    }
    int outer = in.beginPart();
    Exchange e = TurnRows.exchange(in);
    in.endPart(outer);
    return new Whole(e);
  }

  private static void write(RowOut out, UpstreamPool p) {
    out.instant(p.freeNanos()).number(p.resets());
    int fit = Math.min(p.connecting().size(), (out.left() - 1) / 2);
    out.number(fit);
    for (Connecting c : p.connecting().subList(0, fit)) {
      out.instant(c.synNanos()).instant(c.establishedNanos());
    }
  }

  private static UpstreamPool pool(RowIn in) {
    long free = in.instant();
    int resets = in.integer();
    List<Connecting> connecting = new ArrayList<>();
    for (long n = Math.min(in.number(), in.left() / 2); n > 0; n--) {
      connecting.add(new Connecting(in.instant(), in.instant()));
    }
    return new UpstreamPool(free, connecting, resets);
  }
}
