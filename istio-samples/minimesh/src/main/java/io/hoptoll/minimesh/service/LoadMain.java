package io.hoptoll.minimesh.service;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@code LoadMain HTTP_PORT TCP_PORT GRPC_PORT}: open-loop load, Poisson arrivals. Commands: {@code
 * start HOST PATH RATE CONNECTIONS keep|close ID http|tcp|grpc} (ID: {@code -} lets the sidecar
 * make one, {@code fresh} makes one a request, anything else is sent with all), {@code stop},
 * {@code stats} → {@code stats SENT ERRORS TOTAL_NS P50_NS P99_NS}, {@code record on|off}, {@code
 * records}; {@code deadline MS} of gRPC calls (0: none); {@code body}, {@code read}, {@code forget}
 * and {@code truth} as a service's, {@code talk} as {@link Conversation}'s. Latency counts from
 * when a request was due, not from when a connection was free for it: no coordinated omission.
 */
public final class LoadMain {
  private final int[] ports;
  private final Console console = new Console();
  private final Records records = new Records();
  private final Knobs knobs = new Knobs();
  private final Held latency = new Held();
  private final AtomicLong errors = new AtomicLong();
  private final AtomicLong stamps = new AtomicLong();
  private AtomicBoolean running = new AtomicBoolean();
  private List<Thread> threads = List.of();
  private @Nullable Caller target;

  private LoadMain(int[] ports) {
    this.ports = ports;
  }

  public static void main(String[] args) {
    LoadMain load = new LoadMain(Arrays.stream(args).mapToInt(Integer::parseInt).toArray());
    load.console.print("ready");
    load.console.flush();
    load.console.serve(load::command);
  }

  private void command(String[] word) {
    switch (word[0]) {
      case "start" ->
          start(
              word[2],
              Double.parseDouble(word[3]),
              Integer.parseInt(word[4]),
              caller(word[7], word[1], word[5].equals("keep")),
              word[6]);
      case "stop" -> {
        stop();
        console.print("stopped");
      }
      case "stats" -> console.print("stats " + errors.get() + " " + latency.summary());
      case "reset" -> {
        errors.set(0);
        latency.reset();
      }
      case "body" -> knobs.requestBytes = Integer.parseInt(word[1]);
      case "read" -> knobs.readBytesPerSecond = Integer.parseInt(word[1]);
      case "deadline" -> knobs.deadlineMillis = Integer.parseInt(word[1]);
      case "talk" -> new Conversation(knobs).start(word, console);
      case "forget" -> knobs.held.reset();
      case "truth" -> console.print("truth " + knobs.held.summary());
      case "record" -> records.record(word[1].equals("on"));
      case "records" -> records.dump(console);
      default -> console.print("unknown command " + word[0]);
    }
  }

  private void start(String path, double rate, int connections, Caller caller, String id) {
    stop();
    AtomicBoolean mine = new AtomicBoolean(true);
    running = mine;
    Arrivals arrivals = new Arrivals(System.nanoTime(), rate);
    target = caller;
    List<Thread> started = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      Thread t =
          new Thread(
              () -> {
                while (mine.get()) {
                  long due = arrivals.next();
                  waitUntil(due, mine);
                  if (mine.get()) {
                    request(caller, path, id, due);
                  }
                }
              },
              "load");
      t.setDaemon(true);
      t.start();
      started.add(t);
    }
    threads = started;
  }

  private Caller caller(String protocol, String host, boolean keep) {
    return switch (protocol) {
      case "http" -> new HttpCaller(host, ports[0], keep, records, knobs);
      case "tcp" -> new TcpCaller(host, ports[1], keep, records, knobs);
      case "grpc" -> new GrpcCaller(host, ports[2], records, knobs);
      default -> throw new IllegalArgumentException("protocol " + protocol);
    };
  }

  private static void waitUntil(long due, AtomicBoolean running) {
    for (long left = due - System.nanoTime();
        left > 0 && running.get();
        left = due - System.nanoTime()) {
      LockSupport.parkNanos(Math.min(left, 100_000_000));
    }
  }

  private void request(Caller caller, String path, String id, long due) {
    Map<String, String> headers =
        switch (id) {
          case "-" -> Map.of();
          case "fresh" -> Map.of("x-request-id", UUID.randomUUID().toString());
          case "traced" -> Map.of("traceparent", "00-" + hex() + hex() + "-" + hex() + "-01");
          default -> Map.of("x-request-id", id);
        };
    try {
      int status = caller.call(path, headers, "s" + stamps.incrementAndGet());
      if (status >= 500) {
        errors.incrementAndGet();
      }
    } catch (IOException e) {
      errors.incrementAndGet();
    }
    latency.add(System.nanoTime() - due);
  }

  private static String hex() {
    return String.format("%016x", ThreadLocalRandom.current().nextLong());
  }

  /** Lets the requests in flight end. */
  private void stop() {
    running.set(false);
    for (Thread t : threads) {
      try {
        t.join(5_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    threads = List.of();
    if (target != null) {
      target.close();
      target = null;
    }
  }
}
