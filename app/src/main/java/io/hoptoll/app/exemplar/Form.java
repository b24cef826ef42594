package io.hoptoll.app.exemplar;

import io.hoptoll.correlator.FinishedRequest;
import io.vertx.core.json.JsonObject;

/** What the API answers for a request: kept as that, it is readable by later versions. */
public interface Form {
  /** As a row of a list. */
  JsonObject row(FinishedRequest r);

  /** Its tree of hops. */
  JsonObject request(FinishedRequest r);

  /** Its arithmetic. */
  JsonObject explain(FinishedRequest r);
}
