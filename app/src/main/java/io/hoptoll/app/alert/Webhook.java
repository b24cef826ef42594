package io.hoptoll.app.alert;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * POSTs JSON, one message after another. A failed one is tried again after 1, 2, 4 ... times the
 * first pause; the queue is bounded and a full one drops the new message. All is counted.
 */
final class Webhook implements AutoCloseable {
  /** Two an hour for each split of 32 paths, kept for over an hour; about 2 kB each. */
  static final int QUEUE = 256;

  /** With a first pause of a second: two minutes in all. */
  static final int TRIES = 7;

  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  final LongAdder sent = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder dropped = new LongAdder();
  final LongAdder retried = new LongAdder();

  private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(QUEUE);
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI target;
  private final Duration firstPause;
  private final Thread thread = new Thread(this::run, "alerts");

  Webhook(String url, Duration firstPause) {
    this.target = URI.create(url);
    this.firstPause = firstPause;
    thread.setDaemon(true);
    thread.start();
  }

  void send(String json) {
    if (!queue.offer(json)) {
      dropped.increment();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        deliver(queue.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void deliver(String json) throws InterruptedException {
    String problem = "";
    for (int i = 0; i < TRIES; i++) {
      if (i > 0) {
        retried.increment();
        Thread.sleep(firstPause.toMillis() << (i - 1));
      }
      problem = post(json);
      if (problem.isEmpty()) {
        sent.increment();
        return;
      }
    }
    failed.increment();
    LOG.warn("alert given up after {} tries, host {}: {}", TRIES, target.getHost(), problem);
  }

  /** Empty where it was taken, else why not. */
  private String post(String json) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(target)
            .timeout(TIMEOUT)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    try {
      int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return status < 300 ? "" : "status " + status;
    } catch (IOException e) {
      return e.toString();
    }
  }
}
