package io.hoptoll.app.api;

import io.hoptoll.app.exemplar.Exemplars;
import io.hoptoll.app.exemplar.StoredRow;
import io.hoptoll.correlator.FinishedRequest;
import io.hoptoll.correlator.RequestSearch;
import io.hoptoll.correlator.RequestSearch.Order;
import io.hoptoll.correlator.RequestSearch.Row;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers of the requests in memory, with those that the store has beside them. */
final class FoundRequests {
  private final @Nullable Exemplars stored;

  /**
   * @param stored null: memory only
   */
  FoundRequests(@Nullable Exemplars stored) {
    this.stored = stored;
  }

  /** A page; the store is asked where memory alone may not be all of it. */
  JsonObject page(RequestSearch search, List<FinishedRequest> inMemory) {
    List<Row> page = new ArrayList<>(inMemory);
    boolean isFull = search.order() == Order.NEWEST && inMemory.size() >= search.limit();
    if (stored != null && !isFull) {
      page.addAll(stored.search(search, known(inMemory)));
      page.sort(search.comparator());
    }
    List<Row> first = page.stream().limit(search.limit()).toList();
    return new JsonObject()
        .put("requests", VerdictJson.array(first, FoundRequests::row))
        .put("nextCursor", RequestQuery.next(search, first));
  }

  private static JsonObject row(Row row) {
    return row instanceof FinishedRequest r ? TrafficJson.row(r) : ((StoredRow) row).row();
  }

  /** All requests of an id. */
  JsonObject of(
      String id,
      List<FinishedRequest> inMemory,
      Function<FinishedRequest, JsonObject> form,
      String part) {
    JsonArray all = new JsonArray();
    if (stored != null) {
      stored.find(id, part, known(inMemory)).forEach(all::add);
    }
    inMemory.forEach(r -> all.add(form.apply(r)));
    if (all.isEmpty()) {
      throw new Problem(
          404, "no request with x-request-id '" + id + "' is kept; " + why(), new JsonObject());
    }
    return new JsonObject().put("requestId", id).put("requests", all);
  }

  private String why() {
    return "it may not have ended yet (wait 4 s), or is too old"
        + (stored == null ? "" : " and was not among the slowest, nor one of each cause and error");
  }

  private static Set<Long> known(List<FinishedRequest> inMemory) {
    return inMemory.stream().map(FinishedRequest::sequence).collect(Collectors.toSet());
  }
}
