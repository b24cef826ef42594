package io.hoptoll.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hoptoll health}: what works, what is missing, what was joined and what was not. */
@Command(
    name = "health",
    description = "Show what works, what is missing, who sends, and every counter.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:all runs, or runs without what is missing",
      "1:error",
      "2:usage",
      "3:not ok"
    })
final class HealthCommand implements Callable<Integer> {
  @Mixin ServerOption server = new ServerOption();

  @Option(names = "--all", description = "also the counters that are 0")
  boolean all;

  @Override
  public Integer call() {
    JsonObject health = server.client().get("/healthz");
    server.print(health, () -> render(health));
    return "ok".equals(health.getString("status")) ? 0 : 3;
  }

  private String render(JsonObject health) {
    StringBuilder out = new StringBuilder("status: " + health.getString("status") + "\n");
    health.getJsonArray("missing").forEach(m -> out.append("missing: ").append(m).append('\n'));
    JsonObject components = health.getJsonObject("components");
    summary(components, out);
    for (Map.Entry<String, Object> part : components) {
      out.append(part.getKey()).append('\n');
      lines((JsonObject) part.getValue(), "  ", out);
    }
    if (!all) {
      out.append("counters that are 0 are left out (--all)\n");
    }
    return out.toString();
  }

  private static void summary(JsonObject components, StringBuilder out) {
    JsonObject als = components.getJsonObject("als", new JsonObject());
    JsonObject agent = components.getJsonObject("agent", new JsonObject());
    JsonObject correlator = components.getJsonObject("correlator", new JsonObject());
    out.append(
        String.format(
            Locale.ROOT,
            "%s, socket agent %s, %.0f %% of the hops joined completely%n",
            Terminal.count(als.getLong("streamsOpen", 0L), "sidecar") + " sending",
            agent.getBoolean("running", false) ? "running" : "not running",
            100 * correlator.getDouble("joinedShare", 0.0)));
    components.getJsonObject("agents", new JsonObject()).stream()
        .filter(e -> e.getValue() instanceof JsonObject)
        .forEach(e -> agent((JsonObject) e.getValue(), out));
    cost(components.getJsonObject("process", new JsonObject()), out);
    lost(agent.getLong("ringLost"), "kernel records (the agent had too little CPU)", out);
    lost(correlator.getLong("dropped"), "records before the correlator (its queue was full)", out);
    lost(correlator.getLong("shed"), "access log entries (left out under load)", out);
  }

  private static void agent(JsonObject agent, StringBuilder out) {
    JsonObject probes = agent.getJsonObject("probes");
    boolean connected = agent.getBoolean("connected");
    String here = connected ? "in this process" : "in this process, not running";
    String there = connected ? "connected" : "not connected";
    long shed = 0;
    for (Map.Entry<String, Object> e : agent.getJsonObject("shed")) {
      shed += ((Number) e.getValue()).longValue();
    }
    out.append(
        String.format(
            Locale.ROOT,
            "agent of %s: %s, sees by %s, payload %s, %d exchanges, %d records lost%n",
            agent.getString("node"),
            agent.getBoolean("embedded", false) ? here : there,
            probes.getBoolean("running") ? probes.getString("hooks") : "no probes",
            probes.getString("payload"),
            probes.getLong("exchanges"),
            shed + probes.getLong("ringLost")));
  }

  private static void cost(JsonObject process, StringBuilder out) {
    long up = process.getLong("uptimeNanos", 0L);
    if (up > 0) {
      out.append(
          String.format(
              Locale.ROOT,
              "takes %.2f CPUs (mean of %s) and %d MB of heap%n",
              process.getDouble("cpuNanos") / up,
              Terminal.duration(up),
              process.getLong("heapUsedBytes") / 1_000_000));
    }
  }

  private static void lost(@Nullable Long n, String what, StringBuilder out) {
    if (n != null && n > 0) {
      out.append("lost since the start: ").append(n).append(' ').append(what).append('\n');
    }
  }

  private void lines(JsonObject json, String indent, StringBuilder out) {
    for (Map.Entry<String, Object> e : json) {
      if (!all && isNothing(e.getValue())) {
        continue;
      }
      out.append(indent).append(e.getKey());
      if (e.getValue() instanceof JsonObject inner) {
        out.append('\n');
        lines(inner, indent + "  ", out);
      } else if (e.getValue() instanceof JsonArray list) {
        out.append(": ").append(list(list, indent + "  ")).append('\n');
      } else {
        out.append(": ").append(text(e.getKey(), e.getValue())).append('\n');
      }
    }
  }

  /** Words in a row; things, each with its numbers, a line each. */
  private static String list(JsonArray list, String indent) {
    StringJoiner out = new StringJoiner(", ");
    for (Object o : list) {
      out.add(o instanceof JsonObject thing ? "\n" + indent + fields(thing) : String.valueOf(o));
    }
    return out.toString().replace(", \n", "\n");
  }

  private static String fields(JsonObject thing) {
    StringJoiner out = new StringJoiner(", ");
    thing.forEach(e -> out.add(e.getKey() + " " + e.getValue()));
    return out.toString();
  }

  /** A time that nobody reads as a number is how long ago it was. */
  private static Object text(String name, Object value) {
    boolean isSender = name.startsWith("sidecar~") || name.startsWith("router~");
    return isSender && value instanceof Long at
        ? "last entry " + Math.max(0, (System.currentTimeMillis() - at) / 1_000) + " s ago"
        : value;
  }

  private static boolean isNothing(@Nullable Object value) {
    return value == null
        || value instanceof Number n && n.doubleValue() == 0
        || value instanceof String s && s.isEmpty()
        || value instanceof JsonArray a && a.isEmpty()
        || value instanceof JsonObject o
            && o.stream().allMatch(inner -> isNothing(inner.getValue()));
  }
}
