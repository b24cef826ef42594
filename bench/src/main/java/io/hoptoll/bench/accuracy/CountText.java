package io.hoptoll.bench.accuracy;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The product's own words on what it could not join. */
final class CountText {
  private final List<JsonObject> sessions;

  CountText(List<JsonObject> sessions) {
    this.sessions = sessions;
  }

  String toMarkdown() {
    if (sessions.isEmpty()) {
      return "";
    }
    StringBuilder text =
        new StringBuilder("\n## The product's own counters\n| | |\n| --- | --- |\n");
    for (Protocol p : Protocol.values()) {
      Map<String, Long> sum = sum(p);
      if (!sum.isEmpty()) {
        text.append("| ").append(p).append(" |");
        sum.forEach((name, n) -> text.append(' ').append(name).append(' ').append(n).append(';'));
        text.append(" |\n");
      }
    }
    return text.toString();
  }

  private Map<String, Long> sum(Protocol protocol) {
    Map<String, Long> sum = new TreeMap<>();
    for (JsonObject session : sessions) {
      if (session.getString("protocol").equals(protocol.name())) {
        JsonObject counts = session.getJsonObject("counts");
        counts.fieldNames().stream()
            .filter(name -> counts.getLong(name) > 0)
            .forEach(name -> sum.merge(name, counts.getLong(name), Long::sum));
      }
    }
    return sum;
  }
}
