package io.hoptoll.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * 10,000 requests on 64 connections in a network namespace where nothing else runs, with what each
 * client itself sent and received: 7 lanes of 8 connections with 157 requests each, and one with
 * 151. Connections stay open until {@link #close}.
 */
final class KnownWorkload implements AutoCloseable {
  static final int CONNECTIONS = 8;
  static final int TURNS = 157;
  static final int NIO_TURNS = 151;
  static final int REQUESTS = 7 * CONNECTIONS * TURNS + CONNECTIONS * NIO_TURNS;

  /** A connection, by its ports in the namespace. */
  record Line(int clientPort, int serverPort) {}

  /** One request as its client counted it, bytes. */
  record Turn(int sent, int received) {}

  private final WorkloadPrograms programs;
  private final TestNetwork network;
  private final Map<Line, List<Turn>> truth = new ConcurrentHashMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final ExecutorService clients = Executors.newCachedThreadPool();

  KnownWorkload(WorkloadPrograms programs, TestNetwork network) {
    this.programs = programs;
    this.network = network;
  }

  /** All lanes at once, to their end. */
  void run() throws Exception {
    List<Future<?>> lanes = new ArrayList<>();
    for (int port : programs.httpPorts()) {
      for (int c = 0; c < CONNECTIONS; c++) {
        Socket socket = opened(() -> new Socket(InetAddress.getLoopbackAddress(), port));
        int first = c * TURNS;
        lanes.add(clients.submit(() -> http(socket, first)));
      }
    }
    lanes.add(clients.submit(this::everyStyle));
    for (int c = 0; c < CONNECTIONS; c++) {
      NioPair pair = opened(NioPair::open);
      int first = c * NIO_TURNS;
      lanes.add(clients.submit(() -> pair.serve(first, NIO_TURNS)));
      lanes.add(clients.submit(() -> truth.put(pair.line(), pair.ask(first, NIO_TURNS))));
    }
    for (Future<?> lane : lanes) {
      finished(lane);
    }
  }

  private static void finished(Future<?> lane) throws Exception {
    try {
      lane.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private <T extends AutoCloseable> T opened(Callable<T> made) throws Exception {
    T t = network.inside(made);
    open.add(t);
    return t;
  }

  private Void http(Socket socket, int first) throws IOException {
    List<Turn> turns = new ArrayList<>();
    HttpCounter http = new HttpCounter(socket);
    for (int i = first; i < first + TURNS; i++) {
      turns.add(http.get(WorkloadPrograms.BODIES[i % WorkloadPrograms.BODIES.length], i % 787));
    }
    truth.put(new Line(socket.getLocalPort(), socket.getPort()), turns);
    return null;
  }

  /** What iostyles.c does, and says of its ports. */
  private Void everyStyle() throws Exception {
    WorkloadPrograms.Styles styles = programs.everyStyle(CONNECTIONS, TURNS);
    for (int c = 0; c < CONNECTIONS; c++) {
      List<Turn> turns = new ArrayList<>();
      for (int i = c * TURNS; i < (c + 1) * TURNS; i++) {
        turns.add(new Turn(requestBytes(i), responseBytes(i)));
      }
      truth.put(new Line(styles.clientPorts().get(c), styles.listener()), turns);
    }
    return null;
  }

  /** Every connection of the clients, and its requests in order. */
  Map<Line, List<Turn>> truth() {
    return truth;
  }

  // iostyles.c has the same
  static int requestBytes(int i) {
    return 1 + i * 7919 % 4093;
  }

  static int responseBytes(int i) {
    return 1 + (int) (i * 104729L % 70001);
  }

  @Override
  public void close() throws Exception {
    clients.shutdownNow();
    for (AutoCloseable each : open) {
      each.close();
    }
    programs.close();
  }
}
