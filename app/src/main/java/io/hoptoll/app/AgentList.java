package io.hoptoll.app;

import io.hoptoll.wire.AgentView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who watches sockets: the agent in this process, then those of other nodes.
 *
 * @param own null: this process is to watch none ({@code bpf: off})
 * @param missing what the own agent runs without, in words
 * @param others null: none is listened for
 */
record AgentList(@Nullable OwnAgent own, List<String> missing, @Nullable Agents others) {
  AgentList {
    missing = List.copyOf(missing);
  }

  /** For {@code /healthz}: by node. */
  JsonObject health() {
    JsonObject json = new JsonObject().put("listening", others != null);
    if (others != null) {
      json.put("refusals", others.refusals());
    }
    all().forEach(a -> json.put(a.getString("node"), a));
    return json;
  }

  /** For {@code /api/v1/agents}. */
  JsonObject list() {
    return new JsonObject().put("listening", others != null).put("agents", new JsonArray(all()));
  }

  private List<JsonObject> all() {
    List<JsonObject> all = new ArrayList<>();
    if (own != null) {
      all.add(json(own.view(missing), true));
    }
    if (others != null) {
      others.views().forEach(a -> all.add(json(a, false)));
    }
    return all;
  }

  private static JsonObject json(AgentView agent, boolean embedded) {
    return JsonObject.mapFrom(agent).put("embedded", embedded);
  }
}
