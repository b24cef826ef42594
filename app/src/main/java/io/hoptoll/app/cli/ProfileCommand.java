package io.hoptoll.app.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hoptoll profile POD}: starts a profiling task, follows it, shows what it found. */
@Command(
    name = "profile",
    description =
        "Keep the requests of one pod for a time and say where it went; without POD: list.")
final class ProfileCommand implements Callable<Integer> {
  static final String TASKS = "/api/v1/profiling-tasks";
  private static final long LOOK_MILLIS = 1_000;

  @Mixin ServerOption server = new ServerOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "POD",
      description = "NAMESPACE/NAME, or NAME where one namespace alone has it.")
  @Nullable String pod;

  @Option(names = "--duration", description = "how long, at most 1h (default: 60s)")
  @Nullable String duration;

  @Option(names = "--path", description = "keep only calls of this path; * for any characters")
  @Nullable String path;

  @Option(names = "--min-duration", description = "keep only calls that took so long, e.g. 250ms")
  @Nullable String minDuration;

  @Option(names = "--status", split = ",", description = "keep only 1xx to 5xx, none; e.g. 4xx,5xx")
  @Nullable List<String> status;

  @Option(
      names = "--heads",
      description =
          "also read HTTP/1, HTTP/2 and gRPC heads on the pod's own sockets in clear, also of"
              + " requests that no access log tells of")
  boolean heads;

  @Option(
      names = "--tls",
      description = "also read HTTP out of the TLS of the pod's processes (OpenSSL's users)")
  boolean tls;

  @Option(
      names = "--head-bytes",
      description = "of each message, 64 to 2048, in clear to 512 (default: 512)")
  @Nullable Integer headBytes;

  @ArgGroup(heading = "Wait for a threshold, and run whenever it is exceeded:%n", exclusive = false)
  @Nullable When when;

  @Option(names = "--detach", description = "print the task and do not follow it")
  boolean detach;

  @ArgGroup(heading = "A task there is:%n")
  @Nullable Existing existing;

  /** Thresholds. */
  static final class When {
    @Option(
        names = "--when-error-rate",
        description = "share of 5xx, 429, failing gRPC status and no response, 0 to 1")
    @Nullable Double errorRate;

    @Option(names = "--when-p99", description = "such as 250ms")
    @Nullable String p99;

    @Option(names = "--when-cpu", description = "CPUs used by the pod's processes")
    @Nullable Double cpu;

    @Option(
        names = "--when-sidecar-share",
        description = "share of the time in its sidecar, 0 to 1")
    @Nullable Double sidecarShare;

    JsonObject json() {
      JsonObject json = new JsonObject();
      put(json, "errorRate", errorRate);
      put(json, "p99", p99);
      put(json, "cpu", cpu);
      put(json, "sidecarShare", sidecarShare);
      return json;
    }
  }

  /** What to do with a task by its id. */
  static final class Existing {
    @Option(names = "--show", paramLabel = "ID", description = "follow it, and show what it found")
    @Nullable String show;

    @Option(names = "--stop", paramLabel = "ID", description = "end it, keep what it found")
    @Nullable String stop;

    @Option(names = "--extend", paramLabel = "ID", description = "run longer, by --duration")
    @Nullable String extend;

    @Option(names = "--delete", paramLabel = "ID", description = "end it, forget what it found")
    @Nullable String delete;
  }

  private final Terminal terminal = Terminal.detect();

  @Override
  public Integer call() throws InterruptedException {
    ApiClient client = server.client();
    if (existing != null) {
      return existing(client, existing);
    }
    if (pod == null) {
      JsonObject all = client.get(TASKS);
      server.print(all, () -> ProfileText.list(all));
      return 0;
    }
    JsonObject task = client.post(TASKS, body(pod(client, pod)));
    if (detach || when != null) {
      server.print(task, () -> ProfileText.row(task));
      return 0;
    }
    return follow(client, task.getString("id"));
  }

  private int existing(ApiClient client, Existing asked) throws InterruptedException {
    if (asked.show != null) {
      return follow(client, asked.show);
    }
    if (asked.delete != null) {
      client.delete(TASKS + "/" + asked.delete);
      return 0;
    }
    JsonObject answer =
        asked.stop != null
            ? client.post(TASKS + "/" + asked.stop + "/stop", new JsonObject())
            : client.post(TASKS + "/" + asked.extend + "/extend", extension());
    server.print(answer, () -> ProfileText.row(answer));
    return 0;
  }

  private JsonObject extension() {
    JsonObject json = new JsonObject();
    put(json, "duration", duration);
    return json;
  }

  private JsonObject body(String name) {
    JsonObject rule = new JsonObject();
    put(rule, "path", path);
    put(rule, "minDuration", minDuration);
    put(rule, "status", status == null ? null : new JsonArray(status));
    JsonObject body = extension().put("pod", name);
    put(body, "rules", rule.isEmpty() ? null : new JsonArray().add(rule));
    put(body, "heads", heads ? true : null);
    put(body, "tls", tls ? true : null);
    put(body, "headBytes", headBytes);
    put(body, "when", when == null ? null : when.json());
    return body;
  }

  private static void put(JsonObject json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static String pod(ApiClient client, String named) {
    return named.contains("/") ? named : PodArgument.find(named, client.get("/api/v1/pods"));
  }

  /** Until it is done; on a terminal with its progress. The task ends by itself if this is left. */
  private int follow(ApiClient client, String id) throws InterruptedException {
    JsonObject task = client.get(TASKS + "/" + id);
    boolean live = System.console() != null && server.output == ServerOption.Output.text;
    while (!List.of("DONE", "WAITING").contains(task.getString("state"))) {
      if (live) {
        server.say("\r" + ProfileText.progress(task) + "\u001b[K");
      }
      Thread.sleep(LOOK_MILLIS);
      task = client.get(TASKS + "/" + id);
    }
    JsonObject found = task;
    server.print(found, () -> (live ? "\r\u001b[K" : "") + ProfileText.whole(found, terminal));
    return 0;
  }
}
