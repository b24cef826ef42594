package io.hoptoll.app.api;

import io.hoptoll.app.exemplar.Form;
import io.hoptoll.correlator.FinishedRequest;
import io.vertx.core.json.JsonObject;

/** Requests as {@code /requests} answers for them. */
public final class ApiForm implements Form {
  @Override
  public JsonObject row(FinishedRequest r) {
    return TrafficJson.row(r);
  }

  @Override
  public JsonObject request(FinishedRequest r) {
    return RequestJson.of(r);
  }

  @Override
  public JsonObject explain(FinishedRequest r) {
    return ExplainJson.of(r);
  }
}
