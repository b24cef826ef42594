package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.app.HoptollServer;
import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every row of docs/rover.md from real traffic: transfers with loss, an orderly end, a reset, a
 * refused connection. What ss(8) says of the sockets, nstat(8) of the network namespace and
 * iptables of its rule is what the table says.
 */
@Tag("bpf")
class RoverTableTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String METRIC = "hoptoll_process_";
  private static final int ASKED = 47;

  /**
   * Of these, without loss, as the last one: a packet that nobody has a socket for yet falls on no
   * line.
   */
  private static final int BEFORE = 2;

  /** Each of both sides; {@code connect_failed} is the client's alone. */
  private static final List<String> ROWS =
      List.of(
          "exchange_count",
          "write_count",
          "write_bytes",
          "write_nanos",
          "read_count",
          "read_bytes",
          "read_nanos",
          "write_rtt_count",
          "write_rtt_nanos",
          "min_rtt_micros",
          "smoothed_rtt_micros",
          "congestion_window_segments",
          "send_window_bytes",
          "receive_window_bytes",
          "delivery_rate_bytes_per_second",
          "connect_count",
          "connect_nanos",
          "close_count",
          "close_nanos",
          "close_reset_count");

  @BeforeEach
  void require() {
    Here.canRunBpf();
    List.of("ip", "ss", "nstat", "iptables").forEach(Programs::find);
  }

  @Test
  void everyRowIsFilledAsTheKernelCounts(@TempDir Path dir) throws Exception {
    Config config =
        Config.defaults()
            .with(Settings.STORE_DIR, "off")
            .with(Settings.ALS_LISTEN, List.of("unix:" + dir.resolve("als.sock")))
            .with(Settings.HTTP_PORT, 0);
    try (HoptollServer server = HoptollServer.start(config);
        RoverTraffic traffic = new RoverTraffic()) {
      Table table = new Table(new ApiClient(server.url()), traffic.netns());
      transfersAgreeWithSs(traffic, table);
      endsAgreeWithNstat(traffic, table);
      for (String row : ROWS) {
        for (String side : List.of("client_", "server_")) {
          assertTrue(table.sum(side + row) > 0, () -> side + row + " is empty: " + table.all());
        }
      }
    }
  }

  private static void transfersAgreeWithSs(RoverTraffic traffic, Table table) throws Exception {
    traffic.client("open " + RoverTraffic.PORT);
    traffic.client("ask " + BEFORE);
    table.awaitsExchanges(BEFORE);
    traffic.loses(true);
    traffic.client("ask " + (ASKED - BEFORE - 1));
    traffic.loses(false);
    table.awaitsExchanges(ASKED - 1);
    table.awaits("retransmit_count", () -> traffic.counter("TcpRetransSegs"));
    // what was sent again although it had come, as its ACK was lost, is freed unread too
    table.awaits("drop_count", () -> traffic.dropped() + traffic.counter("TcpExtDelayedACKLost"));
    assertTrue(traffic.dropped() > 0 && table.sum("retransmit_count") > 0, () -> "" + table.all());
    // one without loss: what ss says of round trips is what was told with its turn
    assertEquals(traffic.client("ask 1"), table.awaitsExchanges(ASKED).sum("client_read_count"));
    assertEquals(ASKED, table.sum("client_write_count"));
    String client = traffic.socket("dport");
    String server = traffic.socket("sport");
    agrees(client, table, "client_");
    agrees(server, table, "server_");
    // ss of Debian 12 does not say rcv_wnd: it is what the peer has as snd_wnd
    assertEquals(
        number(server, "snd_wnd:(\\d+)"), table.sum("client_receive_window_bytes"), client);
    assertEquals(
        number(client, "snd_wnd:(\\d+)"), table.sum("server_receive_window_bytes"), server);
    for (String row : List.of("write", "read", "write_rtt")) {
      for (String side : List.of("client_", "server_")) {
        assertEquals(ASKED, table.histogram(side + row + "_nanos_histogram"), side + row);
      }
    }
  }

  /** {@code bytes_acked} of who connected counts the SYN, too. */
  private static void agrees(String socket, Table table, String side) {
    long syn = side.equals("client_") ? 1 : 0;
    assertEquals(number(socket, "bytes_acked:(\\d+)") - syn, table.sum(side + "write_bytes"));
    assertEquals(number(socket, "bytes_received:(\\d+)"), table.sum(side + "read_bytes"));
    assertEquals(number(socket, "retrans:\\d+/(\\d+)"), table.sum(side + "retransmit_count"));
    assertEquals(number(socket, " cwnd:(\\d+)"), table.sum(side + "congestion_window_segments"));
    assertEquals(number(socket, "snd_wnd:(\\d+)"), table.sum(side + "send_window_bytes"), socket);
    assertEquals(
        number(socket, "delivery_rate (\\d+)bps"),
        8 * table.sum(side + "delivery_rate_bytes_per_second"),
        socket);
    assertEquals(micros(socket, "minrtt:([\\d.]+)"), table.sum(side + "min_rtt_micros"), socket);
    assertEquals(micros(socket, " rtt:([\\d.]+)"), table.sum(side + "smoothed_rtt_micros"), socket);
  }

  private static void endsAgreeWithNstat(RoverTraffic traffic, Table table) throws Exception {
    traffic.client("close 0");
    table.awaits("client_close_count", 1);
    table.awaits("server_close_count", 1);
    assertEquals(0, table.sum("close_reset_count"));
    traffic.client("open " + RoverTraffic.PORT);
    traffic.client("ask 2");
    traffic.client("close 1");
    traffic.client("refused 9001");
    table.awaits("client_close_count", 2);
    table.awaits("server_close_count", 2);
    table.awaits("client_connect_failed_count", 1);
    assertEquals(traffic.counter("TcpEstabResets"), table.sum("close_reset_count"));
    assertEquals(traffic.counter("TcpAttemptFails"), table.sum("client_connect_failed_count"));
    assertEquals(traffic.counter("TcpPassiveOpens"), table.sum("server_connect_count"));
    assertEquals(
        traffic.counter("TcpActiveOpens"),
        table.sum("client_connect_count") + table.sum("client_connect_failed_count"));
  }

  /** 0 where ss does not say it, as it does with what is 0. */
  private static long number(String socket, String pattern) {
    Matcher m = Pattern.compile(pattern).matcher(socket);
    return m.find() ? Long.parseLong(m.group(1)) : 0;
  }

  /** Of milliseconds. */
  private static long micros(String socket, String pattern) {
    Matcher m = Pattern.compile(pattern).matcher(socket);
    assertTrue(m.find(), pattern + " in " + socket);
    return Math.round(1_000 * Double.parseDouble(m.group(1)));
  }

  /** All lines of the one pod, over the API as a user asks. */
  private record Table(ApiClient api, long netns) {
    /** Of a metric's name what is behind the prefix; without a side, of both. */
    long sum(String metric) {
      boolean isOfBoth = !metric.startsWith("client_") && !metric.startsWith("server_");
      return isOfBoth
          ? sum("client_" + metric) + sum("server_" + metric)
          : all().getOrDefault(METRIC + metric, 0L);
    }

    void awaits(String metric, long wanted) {
      awaits(metric, () -> wanted);
    }

    void awaits(String metric, LongSupplier wanted) {
      Eventually.isTrue(
          SOON,
          () -> sum(metric) == wanted.getAsLong(),
          () -> metric + " is not " + wanted.getAsLong() + ": " + all());
    }

    Table awaitsExchanges(long wanted) {
      awaits("client_exchange_count", wanted);
      awaits("server_exchange_count", wanted);
      return this;
    }

    /** Every number of every line, summed by name. */
    Map<String, Long> all() {
      Map<String, Long> sums = new TreeMap<>();
      for (JsonObject metrics : metrics()) {
        metrics.forEach(
            e -> {
              if (e.getValue() instanceof Number n) {
                sums.merge(e.getKey(), n.longValue(), Long::sum);
              }
            });
      }
      return sums;
    }

    long histogram(String metric) {
      return metrics().stream()
          .map(m -> m.getJsonObject(METRIC + metric))
          .mapToLong(h -> h == null ? 0 : h.getLong("count"))
          .sum();
    }

    private List<JsonObject> metrics() {
      return api.get("/api/v1/pods").getJsonArray("pods").stream()
          .map(JsonObject.class::cast)
          .filter(p -> p.getLong("netns") == netns)
          .map(p -> "/api/v1/pods/" + p.getString("namespace") + "/" + p.getString("name"))
          .flatMap(
              pod ->
                  api.get(pod + "/topology").getJsonArray("lines").stream()
                      .map(l -> pod + "/lines/" + ((JsonObject) l).getString("id")))
          .map(line -> api.get(line).getJsonObject("metrics"))
          .toList();
    }
  }
}
