package io.hoptoll.minimesh.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code ServiceMain NAME HTTP_PORT TCP_PORT GRPC_PORT CALLED...} (GRPC_PORT 0: no gRPC): reads the
 * request, calls others in sequence, answers; forwards trace headers. Commands: {@code forward
 * on|off}, {@code usual MS} that a request takes when all is well; {@code delay MS}, {@code cpu
 * MS}, {@code block MS FREE_MS}, {@code error STATUS PERMILLE}, {@code fail-first K}, {@code size
 * BYTES} of its answers, {@code body BYTES} of its own requests, {@code stream MESSAGES GAP_MS},
 * {@code read BYTES_PER_S} of bodies it gets (0: as they come), {@code record on|off}, {@code
 * records}, {@code forget}, {@code truth}, {@code early on|off}: the answer before the request's
 * body, {@code talk} as {@link Conversation}'s.
 */
public final class ServiceMain {
  static final List<String> FORWARDED = List.of("x-request-id", "traceparent", "tracestate", "b3");
  private static final int WORKERS = 128;
  private static final long ERROR_STEP = 7_919;

  private final String name;
  private final Knobs knobs = new Knobs();
  private final PacedReader reader = new PacedReader(knobs);
  private final Records records = new Records();
  private final Console console = new Console();
  private final List<Caller> callees = new ArrayList<>();
  private final List<Caller> grpcCallees = new ArrayList<>();
  private final ExecutorService workers =
      Executors.newFixedThreadPool(WORKERS, ServiceMain::daemon);
  private final AtomicInteger served = new AtomicInteger();

  /** When this worker took up its request, which it then reads. */
  private final ThreadLocal<Long> taken = ThreadLocal.withInitial(System::nanoTime);

  private ServiceMain(String name, int port, int grpcPort, List<String> calls) {
    this.name = name;
    for (String callee : calls) {
      callees.add(new HttpCaller(callee, port, true, records, knobs));
      if (grpcPort > 0) {
        grpcCallees.add(new GrpcCaller(callee, grpcPort, records, knobs));
      }
    }
  }

  public static void main(String[] args) throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "1024");
    System.setProperty("sun.net.httpserver.idleInterval", "3600");
    int port = Integer.parseInt(args[1]);
    int grpcPort = Integer.parseInt(args[3]);
    ServiceMain service =
        new ServiceMain(args[0], port, grpcPort, Arrays.asList(args).subList(4, args.length));
    service.listen(port);
    service.echo(Integer.parseInt(args[2]));
    if (grpcPort > 0) {
      new GrpcService(service, service.knobs, service.records).listen(grpcPort, service.workers);
    }
    service.console.print("ready");
    service.console.flush();
    service.console.serve(service::command);
  }

  private void listen(int port) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 256);
    server.setExecutor(
        task ->
            workers.execute(
                () -> {
                  knobs.enterLoop();
                  taken.set(System.nanoTime());
                  task.run();
                }));
    server.createContext("/", this::serve);
    server.start();
  }

  private void serve(HttpExchange x) throws IOException {
    long begin = taken.get();
    String stamp = header(x, "x-stamp", "-");
    if (!knobs.answersEarly) {
      reader.read(x.getRequestBody(), Long.parseLong(header(x, "content-length", "0")));
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String h : knobs.forwards ? FORWARDED : List.<String>of()) {
      String value = x.getRequestHeaders().getFirst(h);
      if (value != null) {
        headers.put(h, value);
      }
    }
    String path = x.getRequestURI().toString();
    int status = work(callees, header(x, "x-envoy-attempt-count", "1"), headers, path, stamp);
    byte[] body = body(stamp);
    records.add(
        'S',
        stamp,
        x.getLocalAddress().getPort(),
        x.getRemoteAddress().getPort(),
        begin,
        System.nanoTime());
    x.sendResponseHeaders(status, body.length);
    write(x.getResponseBody(), body);
    x.close();
  }

  /** In as many pieces as a stream has messages, where these have a gap. */
  private void write(OutputStream out, byte[] body) throws IOException {
    int pieces = knobs.gapMillis == 0 ? 1 : knobs.messages;
    int piece = Math.max(1, body.length / pieces);
    for (int at = 0; at < body.length; at += piece) {
      Knobs.pause(at == 0 ? 0 : knobs.gapMillis);
      out.write(body, at, Math.min(piece, body.length - at));
      out.flush();
    }
  }

  private int status(String attempt) {
    int n = served.incrementAndGet();
    boolean failFirst = knobs.failFirstOf > 0 && attempt.equals("1") && n % knobs.failFirstOf == 0;
    if (failFirst) {
      return 503;
    }
    // a step that shares no factor with 1000 spreads the errors: a short load meets its share
    if (n * ERROR_STEP % 1000 < knobs.errorPermille) {
      knobs.held.add(0);
      return knobs.errorStatus;
    }
    return 200;
  }

  int workGrpc(String attempt, Map<String, String> headers, String path, String stamp) {
    return work(grpcCallees, attempt, headers, path, stamp);
  }

  /** What any protocol's request makes the app do; its status in HTTP's numbers. */
  private int work(
      List<Caller> others, String attempt, Map<String, String> headers, String path, String stamp) {
    int worst = status(attempt);
    if (worst != 200) {
      return worst;
    }
    knobs.work();
    for (int i = 0; i < others.size(); i++) {
      try {
        worst = Math.max(worst, others.get(i).call(path, headers, stamp + "." + i));
      } catch (IOException e) {
        worst = 502;
      }
    }
    return worst;
  }

  byte[] body(String stamp) {
    byte[] body = new byte[Math.max(knobs.responseBytes, stamp.length())];
    Arrays.fill(body, (byte) '.');
    byte[] mark = (name + " " + stamp).getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(mark, 0, body, 0, Math.min(mark.length, body.length));
    return body;
  }

  private static String header(HttpExchange x, String name, String otherwise) {
    String value = x.getRequestHeaders().getFirst(name);
    return value == null ? otherwise : value;
  }

  private void echo(int port) throws IOException {
    ServerSocket listener = new ServerSocket(port, 64);
    daemon(
            () -> {
              try {
                while (true) {
                  Socket socket = listener.accept();
                  daemon(() -> echo(socket)).start();
                }
              } catch (IOException e) {
                // closed with the process
              }
            })
        .start();
  }

  private void echo(Socket socket) {
    byte[] piece = new byte[16_384];
    try (socket) {
      socket.setTcpNoDelay(true);
      for (int n = socket.getInputStream().read(piece);
          n > 0;
          n = socket.getInputStream().read(piece)) {
        knobs.work();
        socket.getOutputStream().write(piece, 0, n);
      }
    } catch (IOException e) {
      // the peer left
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "worker");
    thread.setDaemon(true);
    return thread;
  }

  private void command(String[] word) {
    switch (word[0]) {
      case "usual" -> knobs.usualMillis = number(word[1]);
      case "delay" -> knobs.delayMillis = number(word[1]);
      case "cpu" -> knobs.cpuMillis = number(word[1]);
      case "block" -> knobs.block(number(word[1]), number(word[2]));
      case "body" -> knobs.requestBytes = number(word[1]);
      case "read" -> knobs.readBytesPerSecond = number(word[1]);
      case "stream" -> {
        knobs.messages = number(word[1]);
        knobs.gapMillis = number(word[2]);
      }
      case "size" -> knobs.responseBytes = number(word[1]);
      case "forward" -> knobs.forwards = word[1].equals("on");
      case "fail-first" -> knobs.failFirstOf = number(word[1]);
      case "error" -> {
        knobs.errorStatus = number(word[1]);
        knobs.errorPermille = number(word[2]);
      }
      case "record" -> records.record(word[1].equals("on"));
      case "records" -> records.dump(console);
      case "early" -> knobs.answersEarly = word[1].equals("on");
      case "talk" -> new Conversation(knobs).start(word, console);
      case "forget" -> knobs.held.reset();
      case "truth" -> console.print("truth " + knobs.held.summary());
      default -> console.print("unknown command " + word[0]);
    }
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }
}
