package io.hoptoll.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Profiling tasks for a person. */
final class ProfileText {
  private static final int BAR = 30;
  private static final int LEGS = 12;

  private ProfileText() {}

  static String list(JsonObject answer) {
    StringBuilder out = new StringBuilder();
    answer.getJsonArray("tasks").forEach(t -> out.append(row((JsonObject) t)));
    return out.isEmpty() ? "no profiling tasks; start one: hoptoll profile POD\n" : out.toString();
  }

  static String row(JsonObject task) {
    String because = task.getString("because");
    return format(
        "%-5s %-8s  %s  %s%s%n",
        task.getString("id"),
        task.getString("state").toLowerCase(Locale.ROOT),
        task.getString("pod"),
        counts(task),
        because == null ? "" : "  by " + task.getString("startedBy") + ": " + because);
  }

  static String progress(JsonObject task) {
    String state =
        "SETTLING".equals(task.getString("state"))
            ? "time is over; joining what ended in it"
            : seconds(task.getLong("remainingNanos")) + " s to go";
    return task.getString("id") + "  " + counts(task) + "  " + state;
  }

  private static String counts(JsonObject task) {
    JsonObject p = task.getJsonObject("progress");
    return format(
        "%d calls, %d match, %d kept (%d kB)",
        p.getLong("calls"), p.getLong("matching"), p.getLong("kept"), p.getLong("bytes") / 1_024);
  }

  static String whole(JsonObject task, Terminal terminal) {
    StringBuilder out = new StringBuilder(row(task));
    JsonObject totals = task.getJsonObject("totals");
    if (totals.getLong("requests") == 0) {
      out.append("no call matched; hoptoll topology shows whether the pod has traffic\n");
      return calls(task, terminal, out).toString();
    }
    out.append(
        format(
            "mean %s, p50 %s, p90 %s, p99 %s, %d failed%n",
            millis(totals, "meanNanos"),
            millis(totals, "p50Nanos"),
            millis(totals, "p90Nanos"),
            millis(totals, "p99Nanos"),
            totals.getLong("errors")));
    legs(task.getJsonArray("legs"), terminal, out);
    for (Object o : task.getJsonArray("processes")) {
      JsonObject p = (JsonObject) o;
      out.append(
          format(
              "%s: %.2f CPUs, throttled %.0f %%, %.2f threads waiting for a CPU%n",
              p.getString("process"),
              p.getDouble("cpu"),
              100 * p.getDouble("throttledShare"),
              p.getDouble("waitingThreads")));
    }
    out.append(terminal.bold("slowest:\n"));
    task.getJsonArray("requests").forEach(r -> out.append(request((JsonObject) r, terminal)));
    return calls(task, terminal, out)
        .append(
            terminal.dim(
                "each with ledger: GET "
                    + ProfileCommand.TASKS
                    + "/"
                    + task.getString("id")
                    + "/requests/ID\n"))
        .toString();
  }

  private static StringBuilder calls(JsonObject task, Terminal terminal, StringBuilder out) {
    if (task.getBoolean("heads", false)) {
      calls(task, "clear", "on the pod's own sockets in clear", terminal, out);
    }
    if (task.getBoolean("tls", false)) {
      calls(task, "tls", "read from TLS plaintext", terminal, out);
    }
    JsonObject read = task.getJsonObject("headsRead");
    if (read != null) {
      headsRead(read, out);
    }
    return out;
  }

  /** How far its agent reads what the task asks for: what is not is what a user has to know. */
  private static void headsRead(JsonObject read, StringBuilder out) {
    String problem = read.getString("problem");
    if (problem != null) {
      out.append("not read: ").append(problem).append('\n');
    }
    for (Object o : read.getJsonArray("tlsProcesses")) {
      JsonObject p = (JsonObject) o;
      out.append(
          format(
              "TLS of %s %s: %s%n",
              p.getString("process"),
              p.getBoolean("covered") ? "is read" : "is not read",
              p.getString("how")));
    }
    if (read.getInteger("tlsProcessesLeftOut") > 0) {
      out.append(format("and of %d more%n", read.getInteger("tlsProcessesLeftOut")));
    }
  }

  private static void calls(
      JsonObject task, String kind, String words, Terminal terminal, StringBuilder out) {
    JsonObject p = task.getJsonObject("progress");
    out.append(terminal.bold(words + ": "))
        .append(
            format(
                "%d calls, %d match%n", p.getLong(kind + "Calls"), p.getLong(kind + "Matching")));
    task.getJsonArray(kind + "Calls").forEach(c -> out.append(call((JsonObject) c, terminal)));
  }

  private static String call(JsonObject c, Terminal terminal) {
    String host = c.getString("host");
    String peer = c.getString("peer");
    return format(
        "%s  %3d  %-6s  %s %s%s  %s%n",
        Terminal.millis(c.getLong("totalNanos")),
        c.getInteger("responseCode"),
        c.getString("side"),
        c.getString("method"),
        host == null ? "" : host,
        c.getString("path"),
        terminal.dim(c.getString("process") + (peer == null ? "" : " with " + peer)));
  }

  private static void legs(JsonArray legs, Terminal terminal, StringBuilder out) {
    for (Object o : legs.stream().limit(LEGS).toList()) {
      JsonObject leg = (JsonObject) o;
      double share = leg.getDouble("share");
      String bar = Terminal.bar(share, BAR);
      out.append(terminal.party(leg.getString("party"), bar + " ".repeat(BAR - bar.length())))
          .append(
              format(
                  " %5.1f %%  longest %s  %s%n",
                  100 * share, Terminal.millis(leg.getLong("longestNanos")), leg.getString("leg")));
    }
  }

  private static String request(JsonObject r, Terminal terminal) {
    return format(
        "%s  %3d  %-6s  %s %s  %s%s%n",
        Terminal.millis(r.getLong("totalNanos")),
        r.getInteger("responseCode"),
        r.getString("side"),
        r.getString("method"),
        r.getString("path"),
        terminal.dim(r.getString("requestId")),
        app(r.getJsonObject("app")));
  }

  /** What the app itself saw of it. */
  private static String app(@Nullable JsonObject app) {
    return app == null
        ? ""
        : format(
            "  app: %d in %s",
            app.getInteger("responseCode"), Terminal.millis(app.getLong("totalNanos")).trim());
  }

  private static String millis(JsonObject totals, String name) {
    return Terminal.millis(totals.getLong(name)).trim();
  }

  private static long seconds(long nanos) {
    return Math.round(nanos / 1e9);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
