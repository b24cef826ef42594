package io.hoptoll.correlator;

import io.hoptoll.correlator.Archive.Entry;
import io.hoptoll.model.Cause;
import io.hoptoll.model.LegKind;
import io.hoptoll.model.Party;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A window's parts as bytes, each readable alone: a path, an edge, the processes, the rest. Every
 * part begins with {@link #VERSION}; names are numbers of a {@link Vocabulary}.
 */
final class WindowCodec {
  static final int VERSION = 1;
  static final byte PATH = 'P';
  static final byte EDGE = 'E';
  static final byte PROCESSES = 'T';
  static final byte LOST = 'L';
  static final byte SHED = 'S';
  static final byte TOLD = 'Y';
  static final byte UNTOLD = 'N';

  private final JoinCounters counters;
  private final Names names;

  /** The words that an archive's windows are written in. */
  record Names(
      Vocabulary<LegKind> kinds,
      Vocabulary<Evidence> evidence,
      Vocabulary<Cause> causes,
      Vocabulary<Party> parties) {}

  WindowCodec(Archive archive, JoinCounters counters) {
    this.counters = counters;
    names =
        new Names(
            new Vocabulary<>(archive, LegKind.class),
            new Vocabulary<>(archive, Evidence.class),
            new Vocabulary<>(archive, Cause.class),
            new Vocabulary<>(archive, Party.class));
  }

  /** What is in another form than this version's is as if it were not there, and counted. */
  <T> @Nullable T readable(byte @Nullable [] bytes, Function<byte[], T> read) {
    try {
      return bytes == null ? null : read.apply(bytes);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      counters.add(JoinCounters.Count.ARCHIVE_UNREADABLE);
      return null;
    }
  }

  List<Entry> parts(Window window, Map<ProcessKey, Actor> owners) {
    List<Entry> parts = new ArrayList<>();
    window.paths.forEach((path, w) -> parts.add(new Entry(path(path), bytes(w))));
    window.edges.forEach((edge, w) -> parts.add(new Entry(edge(edge), bytes(w))));
    if (!window.processes.isEmpty()) {
      parts.add(new Entry(name(PROCESSES), processes(window.processes, owners)));
    }
    addCount(LOST, window.ringLost, parts);
    addCount(SHED, window.shed, parts);
    addCount(TOLD, window.told, parts);
    addCount(UNTOLD, window.untold, parts);
    return parts;
  }

  private static void addCount(byte kind, long n, List<Entry> parts) {
    if (n > 0) {
      parts.add(new Entry(name(kind), new Out().octet(VERSION).number(n).bytes()));
    }
  }

  static byte[] name(byte kind) {
    return new byte[] {kind};
  }

  static byte[] path(String path) {
    return ((char) PATH + path).getBytes(StandardCharsets.UTF_8);
  }

  static byte[] edge(Edge edge) {
    return ((char) EDGE + edge.client() + '\n' + edge.server()).getBytes(StandardCharsets.UTF_8);
  }

  static String pathOf(byte[] name) {
    return new String(name, 1, name.length - 1, StandardCharsets.UTF_8);
  }

  static Edge edgeOf(byte[] name) {
    String text = pathOf(name);
    int end = text.indexOf('\n');
    return new Edge(text.substring(0, end), text.substring(end + 1));
  }

  byte[] bytes(PathWindow window) {
    Out out = new Out().octet(VERSION);
    EdgeTable edges = new EdgeTable();
    window.totals.write(out);
    Slots slots = window.slots;
    out.number(slots.size());
    for (int i = 0; i < slots.size(); i++) {
      write(out, slots.get(i), edges);
      Sketch leg = window.legOrNull(i);
      (leg == null ? new Sketch() : leg).write(out);
    }
    out.number(window.buckets.size());
    window.buckets.forEach(
        (index, b) -> {
          out.number(index).number(b.count).number(b.totalNanos).number(b.errors);
          for (int i = 0; i < slots.size(); i++) {
            out.signed(b.sum(i));
          }
        });
    out.number(window.failures().size());
    window
        .failures()
        .forEach(
            (f, n) -> {
              out.number(names.causes.number(f.cause())).number(names.parties.number(f.party()));
              edges.write(out, f.edge());
              out.text(f.said()).number(n);
            });
    return out.bytes();
  }

  /** For the windows of one path in one question. */
  PathReader pathReader() {
    return new PathReader(names, counters);
  }

  private void write(Out out, Slot slot, EdgeTable edges) {
    edges.write(out, slot.edge());
    out.number(names.kinds.numbers(slot.kinds()));
    out.number(slot.evidence() == null ? 0 : names.evidence.number(slot.evidence()) + 1);
  }

  byte[] bytes(EdgeWindow window) {
    Out out = new Out().octet(VERSION);
    window.totals.write(out);
    out.number(window.legs.size());
    window.legs.each((leg, sum) -> out.number(names.kinds.numbers(leg)).number(sum));
    Evidence[] all = Evidence.values();
    out.number(all.length);
    for (Evidence e : all) {
      out.number(names.evidence.number(e)).signed(window.sum(e));
    }
    out.number(window.drops.size());
    window.drops.forEach((reason, packets) -> out.text(reason).number(packets));
    out.number(window.waits.size());
    window.waits.forEach((peer, nanos) -> out.text(peer).number(nanos));
    out.number(window.pods.size());
    window.pods.forEach((name, sums) -> sums.write(out.text(name)));
    window.otherPods.write(out);
    return out.bytes();
  }

  EdgeWindow edgeWindow(byte[] bytes) {
    In in = In.of(bytes, VERSION);
    EdgeWindow window = new EdgeWindow();
    window.totals.add(Sketch.read(in));
    for (int n = in.count(); n > 0; n--) {
      window.leg(names.kinds.ordinals(in.number()), in.number());
    }
    for (int n = in.count(); n > 0; n--) {
      Evidence e = names.evidence.of(in.number());
      long amount = in.signed();
      if (e != null) {
        window.evidence(e, amount);
      }
    }
    for (int n = in.count(); n > 0; n--) {
      window.drop(in.text(), in.number());
    }
    for (int n = in.isAtEnd() ? 0 : in.count(); n > 0; n--) { // not in older ones
      window.waited(in.text(), in.number());
    }
    for (int n = in.isAtEnd() ? 0 : in.count(); n > 0; n--) { // the same
      window.pod(in.text(), PodSums.read(in));
    }
    if (!in.isAtEnd()) { // the same
      window.otherPods.add(PodSums.read(in));
    }
    return window;
  }

  /** Only processes that serve or call: rules ask for no others. */
  private static byte[] processes(
      Map<ProcessKey, ProcessTime> processes, Map<ProcessKey, Actor> owners) {
    Out out = new Out().octet(VERSION);
    processes.forEach(
        (key, time) -> {
          Actor owner = owners.get(key);
          if (owner != null) {
            out.octet(1).octet(owner.kind() == Actor.Kind.APP ? 1 : 0).text(owner.name());
            out.text(key.node()).number(key.tgid());
            time.write(out);
          }
        });
    return out.octet(0).bytes();
  }

  /** A process, its owner and what it was kept from doing. */
  record OwnedTime(Actor owner, ProcessKey key, ProcessTime time) {}

  static List<OwnedTime> processes(byte[] bytes) {
    In in = In.of(bytes, VERSION);
    List<OwnedTime> all = new ArrayList<>();
    while (in.octet() == 1) {
      Actor.Kind kind = in.octet() == 1 ? Actor.Kind.APP : Actor.Kind.SIDECAR;
      Actor owner = new Actor(kind, in.text());
      ProcessKey key = new ProcessKey(in.text(), (int) in.number());
      all.add(new OwnedTime(owner, key, ProcessTime.read(in)));
    }
    return all;
  }

  static long count(byte[] bytes) {
    return In.of(bytes, VERSION).number();
  }
}
