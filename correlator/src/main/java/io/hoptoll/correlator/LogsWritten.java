package io.hoptoll.correlator;

import io.hoptoll.model.HalfHop;
import io.hoptoll.model.LogStream;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.Proxy;
import io.hoptoll.model.SidecarSpan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Up to when each sidecar's access logs have come: as far as the slowest of its streams, since each
 * brings its entries in the order in which a worker wrote them, each when its request ended. An app
 * has mostly ended its calls when it answers: once its sidecar's logs are known up to that end, no
 * call of it is missing. Roots wait here for that, by the sidecar that holds them back; under load
 * for some milliseconds instead of {@link Limits#PATH_WAIT_NANOS}. A worker that writes nothing
 * holds back all.
 */
final class LogsWritten {
  private static final class Sidecar implements LogStream.Siblings {
    private final List<LogStream> streams = new ArrayList<>(2);
    private final Deque<WaitingHop> roots = new ArrayDeque<>();

    /** Of a stream that ended, entries may be on their way on the next one until then. */
    private long unsureUntilNanos = Nanos.UNSET;

    /** Wall clock of its node, ns. */
    private long writtenWallNanos() {
      long least = Long.MAX_VALUE;
      for (int i = 0; i < streams.size(); i++) {
        least = Math.min(least, streams.get(i).writtenWallNanos());
      }
      return least;
    }
  }

  private final Map<Proxy, Sidecar> sidecars = new HashMap<>();
  private long nowNanos;
  private long lookedNanos;

  /** The next entry of its stream has come. One without an end says nothing of others. */
  void span(SidecarSpan span) {
    LogStream stream = span.stream();
    if (!stream.isOrdered() || stream.hasEnded() || !Nanos.isSet(span.durationNanos())) {
      return;
    }
    if (!Nanos.isSet(stream.writtenWallNanos())) {
      Sidecar sidecar = sidecars.computeIfAbsent(stream.proxy(), k -> new Sidecar());
      sidecar.streams.add(stream);
      stream.joins(sidecar);
    }
    stream.wrote(span.endWallNanos());
  }

  /** No more comes on it, but for what is on its way. */
  void ended(LogStream stream) {
    stream.end();
    Sidecar sidecar = of(stream);
    if (sidecar != null && sidecar.streams.remove(stream)) {
      sidecar.unsureUntilNanos = nowNanos + Limits.PATH_WAIT_NANOS;
    }
  }

  /**
   * Whether an entry of this request may still come; such a root waits here if that can be told.
   */
  boolean holdsBack(WaitingHop root) {
    HalfHop server = behind(root.node);
    if (server == null) {
      return false;
    }
    Sidecar sidecar = of(server.span().stream());
    if (sidecar != null && sidecar.writtenWallNanos() <= writtenBy(server)) {
      root.at = writtenBy(server);
      sidecar.roots.addLast(root);
    }
    return true;
  }

  /** Hands on the roots that their sidecar holds back no longer, and forgets those that left. */
  void tick(long now, Consumer<WaitingHop> out) {
    nowNanos = now;
    if (now - lookedNanos >= Limits.LOGS_LOOK_NANOS) {
      lookedNanos = now;
      sidecars.values().removeIf(this::isGone);
    }
    for (Sidecar sidecar : sidecars.values()) {
      if (sidecar.roots.isEmpty()) {
        continue;
      }
      long written = sidecar.writtenWallNanos();
      for (WaitingHop w = sidecar.roots.peekFirst();
          w != null && (w.isSettled || w.at < written);
          w = sidecar.roots.peekFirst()) {
        sidecar.roots.removeFirst();
        out.accept(w);
      }
    }
  }

  /** The first in this tree whose calls are not surely known; null: all are. */
  private @Nullable HalfHop behind(PathNode node) {
    HalfHop behind = isBehind(node.hop().server()) ? node.hop().server() : null;
    List<HalfHop> attempts = node.hop().attempts();
    for (int i = 0; behind == null && i < attempts.size(); i++) {
      behind = isBehind(attempts.get(i)) ? attempts.get(i) : null;
    }
    for (int i = 0; behind == null && i < node.childCount(); i++) {
      behind = behind(node.child(i));
    }
    return behind;
  }

  private boolean isBehind(@Nullable HalfHop server) {
    if (server == null) {
      return false;
    }
    Sidecar sidecar = of(server.span().stream());
    return sidecar == null
        || sidecar.streams.isEmpty()
        || isUnsure(sidecar)
        || sidecar.writtenWallNanos() <= writtenBy(server);
  }

  /** Found without a look by name: each entry of a request asks several times. */
  private static @Nullable Sidecar of(LogStream stream) {
    return (Sidecar) stream.siblings();
  }

  /** When its worker had surely written it, and what it called before. */
  private static long writtenBy(HalfHop server) {
    return server.span().endWallNanos() + Limits.WRITE_WAIT_NANOS;
  }

  /** Whether all its streams have ended, a while ago. */
  private boolean isGone(Sidecar sidecar) {
    return sidecar.streams.isEmpty() && sidecar.roots.isEmpty() && !isUnsure(sidecar);
  }

  private boolean isUnsure(Sidecar sidecar) {
    return Nanos.isSet(sidecar.unsureUntilNanos) && nowNanos < sidecar.unsureUntilNanos;
  }
}
