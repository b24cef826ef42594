package io.hoptoll.app.exemplar;

import io.hoptoll.correlator.FinishedRequest;
import io.hoptoll.correlator.RequestSearch;
import io.hoptoll.correlator.RequestSearch.Order;
import io.hoptoll.model.Nanos;
import io.hoptoll.store.RequestStore;
import io.hoptoll.store.RequestStore.Kept;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the requests that outlive memory, writes them, and finds them again. */
public final class Exemplars implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Exemplars.class);
  private static final long POLL_MILLIS = 200;

  private final BlockingQueue<List<FinishedRequest>> queue =
      new ArrayBlockingQueue<>(Limits.WAITING);
  private final LongAdder leftOut = new LongAdder();
  private final Selection selection = new Selection();
  private final RequestStore store;
  private final Form form;
  private final BooleanSupplier lean;
  private final Thread thread = new Thread(this::run, "exemplars");
  private volatile boolean running = true;
  private long nextNanos;

  /**
   * @param lean while true none is taken: they are the first to go under load
   */
  public Exemplars(RequestStore store, Form form, BooleanSupplier lean) {
    this.store = store;
    this.form = form;
    this.lean = lean;
    thread.setDaemon(true);
    thread.start();
  }

  /** On the correlator's thread. */
  public void request(FinishedRequest r) {
    if (!lean.getAsBoolean() && !r.root().hop().requestId().isEmpty()) {
      selection.offer(r);
    }
  }

  /** On the correlator's thread, after each tick. */
  public void tick(long wallNanos) {
    if (wallNanos >= nextNanos) {
      nextNanos = wallNanos - wallNanos % Limits.EVERY_NANOS + Limits.EVERY_NANOS;
      hand(selection.take());
    }
  }

  private void hand(List<FinishedRequest> chosen) {
    if (!chosen.isEmpty() && !queue.offer(chosen)) {
      leftOut.add(chosen.size());
    }
  }

  /** Chosen, but not kept: too many bytes for ten seconds, or encoding did not keep up. */
  public long leftOut() {
    return leftOut.sum();
  }

  private void run() {
    while (running || !queue.isEmpty()) {
      try {
        List<FinishedRequest> chosen = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (chosen != null) {
          write(chosen);
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("requests could not be kept", e);
      }
    }
  }

  private void write(List<FinishedRequest> chosen) {
    List<Kept> kept = new ArrayList<>();
    int bytes = 0;
    for (FinishedRequest r : chosen) {
      Kept packed = Packed.of(r, form);
      int size = packed.row().length + packed.body().length;
      if (bytes + size <= Limits.KEPT_BYTES) {
        bytes += size;
        kept.add(packed);
      } else {
        leftOut.increment();
      }
    }
    store.write(kept);
  }

  /** The stored requests of an id, oldest first; those that are known already are left out. */
  public List<JsonObject> find(String id, String part, Set<Long> known) {
    return store.bodies(id, Limits.OF_ID).stream()
        .map(Packed::body)
        .flatMap(Optional::stream)
        .filter(body -> id.equals(body.getString("requestId")))
        .filter(body -> !known.contains(body.getLong("sequence")))
        .map(body -> body.getJsonObject(part))
        .toList();
  }

  /** A page of stored requests; those that are known already are left out. */
  public List<StoredRow> search(RequestSearch search, Set<Long> known) {
    List<StoredRow> found = new ArrayList<>();
    boolean latestFirst = search.order() == Order.NEWEST;
    long from = search.filter().fromWallNanos() / Nanos.PER_SECOND;
    long to = Math.min(search.filter().toWallNanos(), Long.MAX_VALUE - Nanos.PER_SECOND);
    store.rows(
        from,
        to / Nanos.PER_SECOND + 1,
        Limits.ROWS,
        bytes -> {
          Packed.row(bytes)
              .filter(row -> !known.contains(row.sequence()) && search.matches(row))
              .ifPresent(found::add);
          return !latestFirst || found.size() < search.limit() + Limits.OUT_OF_ORDER;
        });
    return found.stream().sorted(search.comparator()).limit(search.limit()).toList();
  }

  /** Call when the correlator's thread has ended: what was chosen is kept. */
  @Override
  public void close() {
    hand(selection.take());
    running = false;
    try {
      thread.join(Limits.CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
