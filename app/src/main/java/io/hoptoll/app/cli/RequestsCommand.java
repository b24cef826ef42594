package io.hoptoll.app.cli;

import io.hoptoll.app.cli.ApiClient.ApiException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code hoptoll requests}: single requests, searched. */
@Command(name = "requests", description = "List requests: newest or slowest, filtered.")
final class RequestsCommand implements Callable<Integer> {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  /** Columns from which a request and its id have room in one line. */
  private static final int WIDE = 120;

  /** Between looks of {@code --follow}, and how many requests it can tell at each. */
  private static final long FOLLOW_MILLIS = 1_000;

  private static final int MOST = 500;

  /** Columns of a line beside its time, its bar and its call. */
  private static final int REST = 21;

  @Mixin ServerOption server = new ServerOption();

  @Option(names = "--path", description = "of this path only")
  @Nullable String path;

  @Option(names = "--status", description = "503, 5xx, or none")
  @Nullable String status;

  @Option(names = "--party", description = "who owns most of it, such as TRANSPORT")
  @Nullable String party;

  @Option(names = "--min-duration", description = "such as 250ms")
  @Nullable String minDuration;

  @Option(names = "--from", description = "RFC 3339; of the past the store has exemplars")
  @Nullable String from;

  @Option(names = "--to", description = "RFC 3339")
  @Nullable String to;

  @Option(names = "--slowest", description = "slowest first (default: newest first)")
  boolean slowest;

  @Option(names = "--limit", defaultValue = "20", description = "default: ${DEFAULT-VALUE}")
  int limit;

  @Option(
      names = {"-f", "--follow"},
      description = "go on with those that end, as they become known; in JSON a line each")
  boolean follow;

  private final Terminal terminal = Terminal.detect();

  @Override
  public Integer call() throws InterruptedException {
    if (follow) {
      follow();
      return 0;
    }
    JsonObject answer = ask(limit);
    server.print(answer, () -> render(answer.getJsonArray("requests")));
    return 0;
  }

  /** The last ones, then each that is new, until somebody ends it or nobody reads on. */
  private void follow() throws InterruptedException {
    if (limit < 0) {
      String words = "--limit " + limit + ": wanted is how many of the past to begin with, or 0";
      throw new ParameterException(server.spec.commandLine(), words);
    }
    Followed followed = new Followed(MOST);
    List<JsonObject> last = followed.news(ask(MOST).getJsonArray("requests"));
    tell(last.subList(Math.max(0, last.size() - limit), last.size()));
    boolean answers = true;
    while (server.isRead()) {
      Thread.sleep(FOLLOW_MILLIS);
      answers = look(followed, answers);
    }
  }

  /** Tells what is new, and a server that does not answer once; whether it does. */
  private boolean look(Followed followed, boolean answered) {
    try {
      tell(followed.news(ask(MOST).getJsonArray("requests")));
    } catch (ApiException e) {
      if (e.status() != 0) {
        throw e;
      }
      if (answered) {
        server.warn(e.getMessage() + " (goes on once it answers)");
      }
      return false;
    }
    if (followed.mayLack()) {
      String fewer = "some may not be shown; --path, --status or --min-duration ask for fewer";
      server.warn(MOST + " requests or more since the last look, " + fewer);
    }
    return true;
  }

  private void tell(List<JsonObject> requests) {
    if (server.output == ServerOption.Output.json) {
      requests.forEach(r -> server.say(r.encode() + "\n"));
    } else if (!requests.isEmpty()) {
      int columns = Terminal.size().columns();
      requests.forEach(r -> server.say(line(r, columns)));
    }
  }

  private JsonObject ask(int limit) {
    StringBuilder query = new StringBuilder("/api/v1/requests?limit=" + limit);
    add(query, "path", path);
    add(query, "status", status);
    add(query, "party", party);
    add(query, "minDuration", minDuration);
    add(query, "from", from);
    add(query, "to", to);
    add(query, "order", slowest && !follow ? "slowest" : "newest");
    return server.client().get(query.toString());
  }

  private static void add(StringBuilder query, String name, @Nullable String value) {
    if (value != null) {
      String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
      query.append('&').append(name).append('=').append(encoded);
    }
  }

  private String render(JsonArray requests) {
    if (requests.isEmpty()) {
      return "no such request is kept\n";
    }
    int columns = Terminal.size().columns();
    StringBuilder out = new StringBuilder(Shares.legend(terminal)).append('\n');
    requests.forEach(r -> out.append(line((JsonObject) r, columns)));
    return out.append(terminal.dim("one of them: hoptoll request ID, explain ID\n")).toString();
  }

  /** Its id stands below it where one line is too short. */
  private String line(JsonObject r, int columns) {
    boolean narrow = columns < WIDE;
    String time = time(r.getString("start"));
    int code = r.getInteger("responseCode");
    String call = r.getString("method") + " " + r.getString("path");
    int cells = narrow ? Shares.WIDTH / 2 : Shares.WIDTH;
    int before = time.length() + cells + REST;
    String id = terminal.dim(r.getString("requestId"));
    return String.format(
        Locale.ROOT,
        "%s %s  %s  %4s  %s%s%n",
        time,
        Terminal.millis(r.getLong("totalNanos")),
        Shares.bar(r.getJsonObject("parties"), terminal, cells),
        code == 0 ? "none" : code,
        narrow ? Terminal.fit(call, columns - before) : call,
        (narrow ? "\n    " : "  ") + id);
  }

  /** Of today the clock alone. */
  private static String time(String start) {
    OffsetDateTime at = OffsetDateTime.parse(start);
    LocalDateTime here = at.atZoneSameInstant(ZoneId.systemDefault()).toLocalDateTime();
    boolean today = here.toLocalDate().equals(LocalDate.now());
    return today ? CLOCK.format(here) : at.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
