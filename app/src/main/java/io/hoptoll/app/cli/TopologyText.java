package io.hoptoll.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Pods and lines for a person. */
final class TopologyText {
  private TopologyText() {}

  static String pods(JsonObject answer) {
    StringBuilder out = new StringBuilder();
    for (Object o : answer.getJsonArray("pods")) {
      JsonObject p = (JsonObject) o;
      out.append(
          String.format(
              Locale.ROOT,
              "%-36s %4d %5d %9s %9s  %s%n",
              TopologyCommand.full(p),
              p.getInteger("processes"),
              p.getInteger("lines"),
              bytes(p.getLong("bytesIn")),
              bytes(p.getLong("bytesOut")),
              p.getString("namedBy")));
    }
    for (Object o : answer.getJsonArray("leftOut")) {
      JsonObject p = (JsonObject) o;
      out.append("left out: ")
          .append(TopologyCommand.full(p))
          .append(", it ")
          .append(p.getString("reason"))
          .append('\n');
    }
    String head =
        String.format(
            Locale.ROOT,
            "%-36s %4s %5s %9s %9s  %s%n",
            "pod",
            "proc",
            "lines",
            "in",
            "out",
            "named by");
    return out.isEmpty() ? "no pods seen yet\n" : head + out;
  }

  static String topology(JsonObject answer) {
    JsonObject pod = answer.getJsonObject("pod");
    StringBuilder out = new StringBuilder(TopologyCommand.full(pod));
    if (!pod.getString("workload").isEmpty()) {
      out.append("  workload ").append(pod.getString("workload"));
    }
    String addresses =
        pod.getJsonArray("addresses").stream()
            .map(String::valueOf)
            .collect(Collectors.joining(" "));
    out.append("  ").append(addresses).append('\n');
    Map<String, String> names = new HashMap<>();
    for (Object o : answer.getJsonArray("processes")) {
      JsonObject p = (JsonObject) o;
      names.put(p.getString("id"), program(p) + "[" + p.getInteger("pid") + "]");
      if (!p.getBoolean("ended")) {
        out.append("  ").append(process(p).stripTrailing()).append('\n');
      }
    }
    out.append(ended(answer.getJsonArray("processes")));
    for (Object o : answer.getJsonArray("peers")) {
      JsonObject p = (JsonObject) o;
      names.put(p.getString("id"), peer(p));
    }
    for (Object o : answer.getJsonArray("lines")) {
      out.append(line((JsonObject) o, names)).append(HttpText.routes((JsonObject) o));
    }
    out.append(HttpText.inFlight(answer, names));
    return out.toString();
  }

  /** Of a pod that runs nobody wants a list of what ran; of one that is gone, there is no other. */
  private static String ended(JsonArray processes) {
    List<JsonObject> ended =
        processes.stream().map(JsonObject.class::cast).filter(p -> p.getBoolean("ended")).toList();
    if (ended.isEmpty()) {
      return "";
    }
    if (ended.size() < processes.size()) {
      return "  and " + ended.size() + " that ended\n";
    }
    return ended.stream().map(p -> "  " + process(p) + '\n').collect(Collectors.joining());
  }

  private static String process(JsonObject p) {
    return String.format(
        Locale.ROOT,
        "%-20s %-8s %s%s",
        program(p) + "[" + p.getInteger("pid") + "]",
        p.getBoolean("sidecar") ? "sidecar" : "app",
        p.getString("container").isEmpty() ? "" : "container " + p.getString("container"),
        p.getBoolean("ended") ? " (ended)" : "");
  }

  private static String program(JsonObject p) {
    String name =
        p.getString("executable").isEmpty() ? p.getString("name") : p.getString("executable");
    return name.equals("(ended)") ? "ended" : name; // it was gone before its name was read
  }

  private static String peer(JsonObject p) {
    int port = p.getInteger("port");
    String address = p.getString("address") + (port == 0 ? "" : ":" + port);
    String name = p.getString("pod");
    return name.isEmpty() ? address : name + (port == 0 ? "" : ":" + port);
  }

  private static String line(JsonObject l, Map<String, String> names) {
    JsonObject client = l.getJsonObject("clientSide");
    JsonObject side = client == null ? l.getJsonObject("serverSide") : client;
    return String.format(
        Locale.ROOT,
        "  %s ──%s──► %s  %s%n      %s%n",
        names.get(l.getString("client")),
        l.getString("protocol"),
        names.get(l.getString("server")),
        ports(l.getJsonArray("serverPorts")),
        side == null
            ? "no traffic yet"
            : side(side, client == null) + "  line " + l.getString("id"));
  }

  private static String ports(JsonArray ports) {
    return ports.isEmpty()
        ? ""
        : "port " + ports.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static String side(JsonObject s, boolean isServer) {
    String loss =
        s.getLong("retransmits") + s.getLong("drops") + s.getLong("resets") == 0
            ? ""
            : String.format(
                Locale.ROOT,
                ", %s, %s, %s",
                Terminal.count(s.getLong("retransmits"), "retransmit"),
                Terminal.count(s.getLong("drops"), "drop"),
                Terminal.count(s.getLong("resets"), "reset"));
    return String.format(
        Locale.ROOT,
        "%s: %s, %s out, %s in, %s%s",
        isServer ? "server side" : "client side",
        Terminal.count(s.getLong("exchanges"), "exchange"),
        bytes(s.getLong("bytesOut")),
        bytes(s.getLong("bytesIn")),
        Terminal.count(s.getLong("connects"), "connection"),
        loss);
  }

  static String line(JsonObject answer) {
    StringBuilder out = new StringBuilder();
    out.append(answer.getString("id")).append("  ").append(answer.getString("protocol"));
    out.append('\n');
    for (Map.Entry<String, Object> m : answer.getJsonObject("metrics")) {
      if (m.getValue() instanceof JsonObject histogram) {
        out.append(histogram(m.getKey(), histogram));
      } else {
        out.append(String.format(Locale.ROOT, "  %-52s %14s%n", m.getKey(), m.getValue()));
      }
    }
    return out.toString();
  }

  private static String histogram(String name, JsonObject histogram) {
    StringBuilder out = new StringBuilder();
    long before = 0;
    long all = Math.max(1, histogram.getLong("count"));
    for (Object o : histogram.getJsonArray("buckets")) {
      JsonObject b = (JsonObject) o;
      long count = b.getLong("count") - before;
      before = b.getLong("count");
      out.append(
          String.format(
              Locale.ROOT,
              "  %-40s %11s %14d %s%n",
              name,
              bound(b.getValue("le")),
              count,
              Terminal.bar((double) count / all, 20)));
    }
    return out.toString();
  }

  private static String bound(@Nullable Object le) {
    return le instanceof Number n ? "≤" + Terminal.millis(n.doubleValue()) : "longer";
  }

  private static String bytes(long bytes) {
    if (bytes < 10_000) {
      return bytes + " B";
    }
    return bytes < 10_000_000 ? bytes / 1_000 + " kB" : bytes / 1_000_000 + " MB";
  }
}
