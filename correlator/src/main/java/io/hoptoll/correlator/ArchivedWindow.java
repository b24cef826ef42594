package io.hoptoll.correlator;

import io.hoptoll.correlator.Archive.Entry;
import io.hoptoll.correlator.Archive.Tier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A window that is read from the archive part by part, as it is asked for. */
final class ArchivedWindow extends Window {
  private final Archive archive;
  private final Tier tier;
  private final WindowCodec codec;

  /** By path, of all windows of one question. */
  private final Map<String, PathReader> readers;

  /** Each is read once: a verdict asks for some of them twice. */
  private final Map<Byte, Long> counts = new HashMap<>(8);

  /** Processes and their owners are kept: each suspect is looked up in them. */
  private @Nullable Map<ProcessKey, WindowCodec.OwnedTime> owned;

  /**
   * @param readers of the question that it is read for
   */
  ArchivedWindow(
      Archive archive,
      Tier tier,
      long startSecond,
      WindowCodec codec,
      Map<String, PathReader> readers) {
    super(startSecond, tier.seconds());
    this.archive = archive;
    this.tier = tier;
    this.codec = codec;
    this.readers = readers;
  }

  @Override
  @Nullable PathWindow path(String path) {
    byte[] bytes = archive.read(tier, startSecond, WindowCodec.path(path));
    return codec.readable(bytes, reader(path)::read);
  }

  private PathReader reader(String path) {
    return readers.computeIfAbsent(path, p -> codec.pathReader());
  }

  @Override
  @Nullable EdgeWindow edge(Edge edge) {
    byte[] bytes = archive.read(tier, startSecond, WindowCodec.edge(edge));
    return codec.readable(bytes, codec::edgeWindow);
  }

  @Override
  @Nullable ProcessTime process(ProcessKey key) {
    WindowCodec.OwnedTime own = owned().get(key);
    return own == null ? null : own.time();
  }

  @Override
  void eachOwner(BiConsumer<ProcessKey, Actor> out) {
    owned().forEach((key, own) -> out.accept(key, own.owner()));
  }

  private Map<ProcessKey, WindowCodec.OwnedTime> owned() {
    if (owned == null) {
      owned = new HashMap<>();
      byte[] bytes = archive.read(tier, startSecond, WindowCodec.name(WindowCodec.PROCESSES));
      List<WindowCodec.OwnedTime> all = codec.readable(bytes, WindowCodec::processes);
      if (all != null) {
        all.forEach(p -> owned.put(p.key(), p));
      }
    }
    return owned;
  }

  @Override
  long ringLost() {
    return count(WindowCodec.LOST);
  }

  @Override
  long shed() {
    return count(WindowCodec.SHED);
  }

  @Override
  long told() {
    return count(WindowCodec.TOLD);
  }

  @Override
  long untold() {
    return count(WindowCodec.UNTOLD);
  }

  private long count(byte kind) {
    return counts.computeIfAbsent(kind, this::readCount);
  }

  private long readCount(byte kind) {
    byte[] bytes = archive.read(tier, startSecond, WindowCodec.name(kind));
    Long n = codec.readable(bytes, WindowCodec::count);
    return n == null ? 0 : n;
  }

  @Override
  void eachPath(BiConsumer<String, PathWindow> out) {
    for (Entry e : archive.scan(tier, startSecond, WindowCodec.PATH)) {
      String path = WindowCodec.pathOf(e.name());
      PathWindow window = codec.readable(e.value(), reader(path)::read);
      if (window != null) {
        out.accept(path, window);
      }
    }
  }

  @Override
  void eachEdge(BiConsumer<Edge, EdgeWindow> out) {
    for (Entry e : archive.scan(tier, startSecond, WindowCodec.EDGE)) {
      EdgeWindow window = codec.readable(e.value(), codec::edgeWindow);
      if (window != null) {
        out.accept(WindowCodec.edgeOf(e.name()), window);
      }
    }
  }

  /** All of it in memory, where requests may come to it. */
  Window loaded() {
    Window window = new Window(startSecond, seconds);
    eachPath((path, own) -> window.paths.put(path, PathWindow.merge(List.of(own))));
    eachEdge(window.edges::put);
    owned().forEach((key, own) -> window.processes.put(key, own.time()));
    window.ringLost = ringLost();
    window.shed = shed();
    window.told = told();
    window.untold = untold();
    return window;
  }
}
