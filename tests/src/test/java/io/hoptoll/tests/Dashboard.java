package io.hoptoll.tests;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;

/** The Grafana dashboard that users import, asked of a Prometheus as Grafana does. */
final class Dashboard {
  /** What Grafana puts in: four scrapes. */
  private static final String RATE_INTERVAL = "10s";

  private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

  /**
   * A query of a panel.
   *
   * @param promql variables are not put in yet
   */
  record Target(String panel, String promql) {}

  private final JsonObject json;

  Dashboard(Path file) throws IOException {
    json = new JsonObject(Files.readString(file));
  }

  /** The value that a reader who chooses nothing gets for each variable: the first. */
  Map<String, String> variables(Prometheus prometheus) {
    Map<String, String> chosen = new LinkedHashMap<>();
    for (Object o : json.getJsonObject("templating").getJsonArray("list")) {
      JsonObject variable = (JsonObject) o;
      if ("query".equals(variable.getString("type"))) {
        String query = variable.getJsonObject("query").getString("query");
        Matcher asked = LABEL_VALUES.matcher(query);
        Assertions.assertTrue(asked.matches(), query);
        List<String> values = prometheus.labels(with(chosen, asked.group(1)), asked.group(2));
        chosen.put(variable.getString("name"), values.isEmpty() ? "" : values.get(0));
      }
    }
    return chosen;
  }

  /** Every query of every panel that shows data. */
  List<Target> targets() {
    List<Target> all = new ArrayList<>();
    for (Object o : json.getJsonArray("panels")) {
      JsonObject panel = (JsonObject) o;
      if (!"row".equals(panel.getString("type"))) {
        panel
            .getJsonArray("targets")
            .forEach(
                t ->
                    all.add(
                        new Target(panel.getString("title"), ((JsonObject) t).getString("expr"))));
      }
    }
    return all;
  }

  static String with(Map<String, String> variables, String promql) {
    String asked = promql.replace("$__rate_interval", RATE_INTERVAL);
    for (Map.Entry<String, String> v : variables.entrySet()) {
      asked = asked.replace("$" + v.getKey(), v.getValue());
    }
    return asked;
  }
}
