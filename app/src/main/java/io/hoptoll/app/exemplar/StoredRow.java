package io.hoptoll.app.exemplar;

import io.hoptoll.correlator.Edge;
import io.hoptoll.correlator.RequestSearch;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** A stored request as a search sees it. Names that this version does not know are left out. */
public record StoredRow(JsonObject stored) implements RequestSearch.Row {
  /** As the list shows it. */
  public JsonObject row() {
    return stored.getJsonObject("row");
  }

  @Override
  public long sequence() {
    return stored.getLong("sequence");
  }

  @Override
  public String path() {
    return row().getString("path");
  }

  @Override
  public int code() {
    return row().getInteger("responseCode");
  }

  @Override
  public long totalNanos() {
    return row().getLong("totalNanos");
  }

  @Override
  public long endWallNanos() {
    return stored.getLong("endNanos");
  }

  @Override
  public Party largestParty() {
    String name = row().getString("party");
    return Arrays.stream(Party.values())
        .filter(p -> p.name().equals(name))
        .findFirst()
        .orElse(Party.UNDETERMINED);
  }

  @Override
  public Edge largestEdge() {
    JsonObject edge = row().getJsonObject("largest").getJsonObject("edge");
    return new Edge(edge.getString("client"), edge.getString("server"));
  }

  @Override
  public Set<Cause> failures() {
    Set<Cause> causes = EnumSet.noneOf(Cause.class);
    for (Cause cause : Cause.values()) {
      if (stored.getJsonArray("failures").contains(cause.name())) {
        causes.add(cause);
      }
    }
    return causes;
  }
}
