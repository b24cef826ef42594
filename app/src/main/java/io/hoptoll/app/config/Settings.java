package io.hoptoll.app.config;

import io.hoptoll.agent.Hooks;
import io.hoptoll.agent.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Every setting of {@code hoptoll server} and {@code hoptoll agent}, in the order of the file. To
 * add one, declare it here: file key, environment variable, flag, check, help and the documented
 * file follow.
 */
public final class Settings {
  /** Where a server listens, and where the commands that ask one look for it. */
  public static final String STANDARD_HTTP_PORT = "18080";

  private static final List<Setting<?>> ALL = new ArrayList<>();

  public static final Setting<String> NODE =
      add(Setting.of("node", Kind.TEXT, "", "name of this node; empty: its host name"));

  public static final Setting<Boolean> BPF =
      add(
          Setting.of(
              "bpf",
              Kind.SWITCH,
              "true",
              "watch this node's sockets; without: access logs only, and words on what is lost"));

  public static final Setting<String> PODS =
      add(
          Setting.of(
              "pods",
              Kind.TEXT,
              "auto",
              "who names pods: kubernetes (its API, of this node's pods), none, or a YAML file's"
                  + " path; auto: kubernetes inside a cluster, else none"));

  public static final Setting<Hooks> HOOKS =
      add(
          Setting.of(
              "agent.hooks",
              Kind.oneOf(Hooks.class),
              "auto",
              "kernel hooks of the socket probes: tracepoints (Linux 6.16), fentry, kprobes; auto:"
                  + " the first that the kernel has and accepts"));

  public static final Setting<Payload> PAYLOAD =
      add(
          Setting.of(
              "agent.payload",
              Kind.oneOf(Payload.class),
              "protocol",
              "what of the apps' payload the socket probes may look at: protocol (a connection's"
                  + " first bytes, to name its protocol; not kept), heads (also of each HTTP and"
                  + " gRPC request in clear its line and id headers, and the answer's status), or off: no"
                  + " byte is copied, and TLS and HTTP/2 are not recognised"));

  public static final Setting<Integer> HEAD_BYTES =
      add(
          Setting.of(
              "agent.headBytes",
              Kind.integer(16, 512),
              "256",
              "with agent.payload heads: how many bytes of a request are looked at"));

  public static final Setting<Boolean> TASKS =
      add(
          Setting.of(
              "agent.tasks",
              Kind.ON_OFF,
              "on",
              "whether profiling tasks may have a pod's HTTP heads and TLS read on this node, which"
                  + " agent.server may ask an agent for; off: such tasks are refused"));

  public static final Setting<String> AGENT_SERVER =
      add(
          Setting.of(
                  "agent.server",
                  Kind.ADDRESS,
                  "",
                  "hoptoll agent: host:port of the server's agents.listen")
              .flag("--server"));

  public static final Setting<Long> AGENT_BUFFER =
      add(
          Setting.of(
              "agent.buffer",
              Kind.bytes("1MiB", "4GiB"),
              "64MiB",
              "hoptoll agent: memory for what the server has not acknowledged, compressed; when"
                  + " full the oldest goes, counted"));

  public static final Setting<List<String>> AGENT_ALS_LISTEN =
      add(
          Setting.of(
                  "agent.als.listen",
                  Kind.ALS_TARGETS_OR_NONE,
                  "",
                  "hoptoll agent: where this node's Envoys send access logs, such as 0.0.0.0:18090,"
                      + " to be joined here with their sockets (node mode); empty: they send them to"
                      + " the server (server mode)")
              .flag("--agent-als"));

  public static final Setting<String> AGENTS_LISTEN =
      add(
          Setting.of(
                  "agents.listen",
                  Kind.ADDRESS,
                  "",
                  "where agents of other nodes report, such as 0.0.0.0:18091 (port 0 takes a free"
                      + " one); empty: off")
              .flag("--agents"));

  public static final Setting<List<String>> ALS_LISTEN =
      add(
          Setting.of(
                  "als.listen",
                  Kind.ALS_TARGETS,
                  "0.0.0.0:18090",
                  "where Envoys send access logs: host:port (port 0 takes a free one) or unix:/path")
              .flag("--als"));

  public static final Setting<Long> ALS_MAX_MESSAGE =
      add(
          Setting.of(
              "als.maxMessage",
              Kind.bytes("128KiB", "1GiB"),
              "64MiB",
              "a larger access log message ends its stream with RESOURCE_EXHAUSTED"));

  public static final Setting<String> ALS_TLS_CERTIFICATE =
      add(
          Setting.of(
              "als.tls.certificate",
              Kind.TEXT,
              "",
              "PEM file with this server's certificate for access logs over TLS, read at start;"
                  + " empty: plaintext"));

  public static final Setting<String> ALS_TLS_KEY =
      add(Setting.of("als.tls.key", Kind.TEXT, "", "PEM file (PKCS 8) with the key of it"));

  public static final Setting<String> ALS_TLS_CLIENT_CA =
      add(
          Setting.of(
              "als.tls.clientCa",
              Kind.TEXT,
              "",
              "PEM file with who signs sidecars' certificates: a sender must have one, for the"
                  + " namespace and service account it says it is of; empty: any sender"));

  public static final Setting<String> HTTP_HOST =
      add(Setting.of("http.host", Kind.TEXT, "127.0.0.1", "address of API, page and /metrics"));

  public static final Setting<Integer> HTTP_PORT =
      add(
          Setting.of(
              "http.port",
              Kind.integer(0, 65_535),
              STANDARD_HTTP_PORT,
              "port of API, page and /metrics; 0 takes a free one"));

  public static final Setting<String> STORE_DIR =
      add(
          Setting.of(
              "store.dir",
              Kind.TEXT,
              "/var/lib/hoptoll/store",
              "directory of this server's own for windows beyond the last 15 minutes; made if it is"
                  + " not there; off: memory only"));

  public static final Setting<Duration> STORE_KEEP_10S =
      add(
          Setting.of(
              "store.retention.10s",
              Kind.DURATION,
              "2h",
              "how long windows of ten seconds are kept"));

  public static final Setting<Duration> STORE_KEEP_1M =
      add(Setting.of("store.retention.1m", Kind.DURATION, "2d", "the same of one minute"));

  public static final Setting<Duration> STORE_KEEP_10M =
      add(Setting.of("store.retention.10m", Kind.DURATION, "30d", "the same of ten minutes"));

  public static final Setting<Long> STORE_MAX_BYTES =
      add(
          Setting.of(
              "store.maxBytes",
              Kind.bytes("64MiB", "1024GiB"),
              "4GiB",
              "above, the oldest windows go first, whatever their retention"));

  public static final Setting<Long> STORE_REQUEST_BYTES =
      add(
          Setting.of(
              "store.maxRequestBytes",
              Kind.bytes("1MiB", "1024GiB"),
              "512MiB",
              "single requests (the slowest, one of each cause and error) kept beside the windows;"
                  + " above, the oldest go first"));

  public static final Setting<Integer> MIN_REQUESTS =
      add(
          Setting.of(
              "diagnosis.minRequests",
              Kind.integer(1, 1_000_000),
              "8",
              "fewer requests in the range: insufficient data"));

  public static final Setting<Duration> STANDING =
      add(
          Setting.of(
              "diagnosis.standing",
              Kind.DURATION,
              "10ms",
              "a leg outside the apps that takes longer, and a quarter of the request, is named even"
                  + " if it always did"));

  public static final Setting<Duration> SLOW =
      add(
          Setting.of(
              "diagnosis.slow",
              Kind.DURATION,
              "100ms",
              "where a path has no past yet: a median above this is slow"));

  public static final Setting<Duration> WATCH_EVERY =
      add(
          Setting.of(
              "watch.every",
              Kind.DURATION,
              "10s",
              "how often the busiest paths are judged, for verdicts in metrics and for alerts"));

  public static final Setting<Duration> WATCH_WINDOW =
      add(Setting.of("watch.window", Kind.DURATION, "60s", "the time that is judged"));

  public static final Setting<Integer> WATCH_PATHS =
      add(
          Setting.of(
              "watch.paths", Kind.integer(0, 256), "32", "how many of the busiest paths; 0: none"));

  public static final Setting<Integer> METRICS_PATHS =
      add(
          Setting.of(
              "metrics.paths",
              Kind.integer(1, 10_000),
              "64",
              "paths with series of their own (30 each), first come; the rest shares {other}"));

  public static final Setting<Integer> METRICS_EDGES =
      add(
          Setting.of(
              "metrics.edges",
              Kind.integer(1, 10_000),
              "64",
              "edges with series of their own (20 a leg), first come; the rest shares {other}"));

  public static final Setting<String> OTLP_ENDPOINT =
      add(
          Setting.of(
              "otlp.endpoint",
              Kind.URL,
              "",
              "OpenTelemetry collector, OTLP over HTTP, such as http://otel-collector:4318; empty:"
                  + " off"));

  public static final Setting<Map<String, String>> OTLP_HEADERS =
      add(
          Setting.of(
                  "otlp.headers",
                  Kind.PAIRS,
                  "",
                  "headers of every export, such as authorization=Bearer x")
              .hidden());

  public static final Setting<Boolean> OTLP_METRICS =
      add(Setting.of("otlp.metrics", Kind.SWITCH, "true", "send all metrics"));

  public static final Setting<Duration> OTLP_METRICS_EVERY =
      add(Setting.of("otlp.metricsEvery", Kind.DURATION, "60s", "how often metrics are sent"));

  public static final Setting<Boolean> OTLP_TRACES =
      add(
          Setting.of(
              "otlp.traces",
              Kind.SWITCH,
              "true",
              "send a span for each leg, into the traces that requests carry"));

  public static final Setting<Double> OTLP_TRACE_SHARE =
      add(
          Setting.of(
              "otlp.traceShare",
              Kind.decimal(0, 1),
              "0.01",
              "share of ordinary requests whose legs are sent, by trace id; errors and the slowest"
                  + " hundredth of each path always are"));

  public static final Setting<Integer> OTLP_TRACES_PER_SECOND =
      add(
          Setting.of(
              "otlp.tracesPerSecond",
              Kind.integer(1, 10_000),
              "20",
              "requests a second whose legs are sent at most; what is beyond is counted"));

  public static final Setting<String> ALERT_WEBHOOK =
      add(
          Setting.of(
                  "alerts.webhook",
                  Kind.URL,
                  "",
                  "where alerts are POSTed as JSON, with verdict and link; empty: off")
              .hidden());

  public static final Setting<String> ALERT_LINK =
      add(
          Setting.of(
              "alerts.link",
              Kind.URL,
              "",
              "base URL of this server as readers of alerts reach it; empty: its own address"));

  public static final Setting<Double> ALERT_SIDECARS =
      add(
          Setting.of(
              "alerts.sidecars",
              Kind.decimal(0, 1),
              "0.4",
              "sidecars' share of the slowest hundredth of a path above which it is an alert"));

  public static final Setting<Double> ALERT_TRANSPORT =
      add(Setting.of("alerts.transport", Kind.decimal(0, 1), "0.4", "the same of the transport"));

  public static final Setting<Double> ALERT_APPS =
      add(Setting.of("alerts.apps", Kind.decimal(0, 1), "1", "the same of the apps; 1: never"));

  public static final Setting<Integer> ALERT_MIN_REQUESTS =
      add(
          Setting.of(
              "alerts.minRequests",
              Kind.integer(1, 1_000_000),
              "50",
              "paths with fewer requests in watch.window make no alert"));

  private Settings() {}

  /** All of them, in the file's order. */
  public static List<Setting<?>> all() {
    return List.copyOf(ALL);
  }

  /** Those that {@code hoptoll agent} uses. */
  public static List<Setting<?>> ofAgent() {
    return List.of(
        NODE,
        BPF,
        PODS,
        HOOKS,
        PAYLOAD,
        HEAD_BYTES,
        AGENT_SERVER,
        AGENT_BUFFER,
        AGENT_ALS_LISTEN,
        ALS_MAX_MESSAGE,
        ALS_TLS_CERTIFICATE,
        ALS_TLS_KEY,
        ALS_TLS_CLIENT_CA);
  }

  /** Those that {@code hoptoll server} uses. */
  public static List<Setting<?>> ofServer() {
    return ALL.stream()
        .filter(s -> s != AGENT_SERVER && s != AGENT_BUFFER && s != AGENT_ALS_LISTEN)
        .toList();
  }

  private static <T> Setting<T> add(Setting<T> setting) {
    ALL.add(setting);
    return setting;
  }
}
