package io.hoptoll.app.cli;

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
    }
    JsonObject answer = ask(limit);
    server.print(answer, () -> render(answer.getJsonArray("requests")));
    return 0;
  }

  /** The last ones, then each that is new, until somebody ends it. */
  private void follow() throws InterruptedException {
    Followed followed = new Followed();
    List<JsonObject> last = followed.news(ask(MOST).getJsonArray("requests"));
    last.subList(Math.max(0, last.size() - limit), last.size()).forEach(this::tell);
    while (true) {
      Thread.sleep(FOLLOW_MILLIS);
      followed.news(ask(MOST).getJsonArray("requests")).forEach(this::tell);
    }
  }

  private void tell(JsonObject request) {
    server.say(
        server.output == ServerOption.Output.json
            ? request.encode() + "\n"
            : line(request, Terminal.size().columns()));
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
