package io.hoptoll.correlator;

import io.hoptoll.correlator.JoinCounters.Count;
import io.hoptoll.correlator.pods.PodTraffic;
import io.hoptoll.correlator.pods.PodViews;
import io.hoptoll.model.Burst;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Connection;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.HalfHopReport;
import io.hoptoll.model.HalfHopSink;
import io.hoptoll.model.Hop;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.HttpMessage;
import io.hoptoll.model.LogStream;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.Pod;
import io.hoptoll.model.PodSink;
import io.hoptoll.model.PortRewrite;
import io.hoptoll.model.ProcessSample;
import io.hoptoll.model.RunningProcess;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Protocol;
import io.hoptoll.model.SocketProtocol;
import io.hoptoll.model.SocketSink;
import io.hoptoll.model.TransportEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.ObjLongConsumer;

/**
 * The stages in order: PodJoin → HopJoin (Ledger) → PathAssembly → Windows → Diagnosis. All methods
 * are called by one thread, which gives the time: {@code now} is any steadily growing clock, wall
 * time comes with the records.
 */
public final class Correlator implements HalfHopSink, SocketSink, PodSink {
  private final Sensitivity sensitivity;
  private final JoinCounters counters = new JoinCounters();
  private final ClockMap clocks = new ClockMap();
  private final PodDirectory pods = new PodDirectory();
  private final PodTraffic podTraffic =
      new PodTraffic(path -> "/" + String.join("/", Segments.of(path)), this::call);
  private final AccessLogLoss accessLogs = new AccessLogLoss(this::served);
  private final ExchangeIndex exchanges = new ExchangeIndex(counters, accessLogs, Limits.UNCLAIMED);
  private final Windows windows = new Windows(counters);
  private final Routes routes = new Routes(counters, windows::rename);
  private final RequestLog requests = new RequestLog(counters);
  private final ThreadTurns turns = new ThreadTurns();

  /** Of the request at hand. */
  private final Charges charges = new Charges();

  private final List<Consumer<Hop>> hopListeners = new ArrayList<>();
  private final List<Consumer<FinishedRequest>> requestListeners = new ArrayList<>();
  private final List<Consumer<ProcessSample>> processListeners = new ArrayList<>();
  private final List<ObjLongConsumer<HttpCall>> callListeners = new ArrayList<>();
  private final List<Consumer<NetworkNamespace>> namespaceListeners = new ArrayList<>();
  private final List<LongConsumer> tickListeners = new ArrayList<>();
  private final PathAssembly paths = new PathAssembly(counters, this::request);
  private final HopJoin hops = new HopJoin(new LedgerBuilder(counters), counters, this::hop, paths);
  private final PodJoin podJoin = new PodJoin(clocks, pods, exchanges, counters, this::half);
  private final TcpJoin tcpJoin = new TcpJoin(clocks, pods, exchanges, counters, this::half);
  private final ReportedHalves reported = new ReportedHalves(exchanges, counters);
  private volatile List<AccessLogLoss.Told> accessLogsLately = List.of();
  private long accessLogsNanos;
  private long nowNanos;
  private long wallNanos;

  public Correlator(Sensitivity sensitivity) {
    this.sensitivity = sensitivity;
  }

  /** Keeps windows longer than memory does. Call before the first tick. */
  public void archive(Archive archive) {
    windows.archive(archive);
  }

  /** The last tick was the last: what is in memory goes to the archive. */
  public void close() {
    windows.close();
  }

  /** Lets every waiting room join, give up or forget what is due. Call about every 50 ms. */
  public void tick(long nowNanos, long wallNanos) {
    this.nowNanos = nowNanos;
    this.wallNanos = wallNanos;
    requests.begin(wallNanos);
    podJoin.tick(nowNanos);
    tcpJoin.tick(nowNanos);
    hops.tick(nowNanos);
    paths.tick(nowNanos);
    windows.tick(wallNanos);
    podTraffic.tick(nowNanos);
    if (nowNanos - accessLogsNanos >= Limits.ACCESS_LOGS_LOOK_NANOS) {
      accessLogsNanos = nowNanos;
      accessLogsLately = accessLogs.pods(Limits.ACCESS_LOGS_SHOWN);
    }
    tickListeners.forEach(l -> l.accept(wallNanos));
  }

  @Override
  public void span(SidecarSpan span) {
    counters.add(Count.SPANS_IN);
    announced(span);
    if (span.protocol() == Protocol.TCP) {
      tcpJoin.span(span, nowNanos);
    } else {
      podJoin.span(span, nowNanos);
    }
    podTraffic.span(span);
  }

  @Override
  public void announced(SidecarSpan span) {
    hops.span(span, nowNanos);
    paths.span(span);
  }

  @Override
  public void ended(LogStream stream) {
    paths.ended(stream);
  }

  @Override
  public void half(HalfHopReport report) {
    counters.add(Count.SPANS_IN);
    counters.add(Count.HALVES_REPORTED);
    if (!report.announced()) {
      announced(report.span());
    }
    half(reported.half(report));
    podTraffic.span(report.span());
  }

  @Override
  public void exchange(Exchange exchange) {
    counters.add(Count.EXCHANGES_IN);
    podJoin.exchange(exchange, nowNanos);
    turns.exchange(exchange);
    windows.unacknowledged.exchange(exchange);
    podTraffic.exchange(exchange, nowNanos);
  }

  @Override
  public void connection(Connection connection) {
    counters.add(Count.CONNECTIONS_IN);
    podJoin.connection(connection);
    windows.transport.connection(connection);
    windows.unacknowledged.connection(connection, wallNanos);
    podTraffic.connection(connection, nowNanos);
  }

  @Override
  public void transport(TransportEvent event) {
    windows.transport.event(event);
    windows.unacknowledged.event(event, wallNanos);
  }

  @Override
  public void drop(PacketDrop drop) {
    windows.transport.drop(drop);
    podTraffic.drop(drop);
  }

  @Override
  public void burst(Burst burst) {
    counters.add(Count.BURSTS_IN);
    podJoin.burst(burst);
  }

  @Override
  public void protocol(SocketProtocol protocol) {
    podTraffic.protocol(protocol);
  }

  @Override
  public void message(HttpMessage message) {
    podTraffic.message(message, nowNanos);
  }

  @Override
  public void rewrite(PortRewrite rewrite) {
    exchanges.rewrite(rewrite);
  }

  @Override
  public void tlsCall(HttpCall call) {
    call(call);
  }

  private void call(HttpCall call) {
    long begin = clocks.toWall(call.node(), call.beginNanos());
    callListeners.forEach(l -> l.accept(call, begin));
  }

  @Override
  public void process(ProcessSample sample) {
    windows.process(sample, wallNanos);
    processListeners.forEach(l -> l.accept(sample));
  }

  @Override
  public void namespace(NetworkNamespace namespace) {
    pods.namespace(namespace);
    podTraffic.namespace(namespace);
    namespaceListeners.forEach(l -> l.accept(namespace));
  }

  @Override
  public void running(RunningProcess process) {
    podTraffic.running(process, nowNanos);
  }

  @Override
  public void pod(Pod pod) {
    podTraffic.pod(pod);
  }

  @Override
  public void clock(ClockSample sample) {
    clocks.add(sample);
  }

  @Override
  public void lost(String node, long records) {
    counters.add(Count.RING_LOST, records);
    windows.lost(records, wallNanos);
  }

  /**
   * What was left out before it came here.
   *
   * @param entries since the last call
   * @param lean whether requests are kept for their figures only, not to be looked up
   */
  public void shed(long entries, boolean lean, long wallNanos) {
    requests.lean(lean);
    if (entries > 0) {
      windows.shed(entries, wallNanos);
    }
  }

  /** Hears every request with all its hops, on this thread (outputs). */
  public void onRequest(Consumer<FinishedRequest> listener) {
    requestListeners.add(listener);
  }

  /** Hears what each watched process did, on this thread. */
  public void onProcess(Consumer<ProcessSample> listener) {
    processListeners.add(listener);
  }

  /**
   * Hears of each call whose heads were read, on the apps' sockets in clear and out of TLS, with
   * the wall clock's time of its begin, on this thread.
   */
  public void onCall(ObjLongConsumer<HttpCall> listener) {
    callListeners.add(listener);
  }

  /** Hears of each network namespace that is new, changed or gone, on this thread. */
  public void onNamespace(Consumer<NetworkNamespace> listener) {
    namespaceListeners.add(listener);
  }

  /** Hears the wall clock's time (ns) after each tick. */
  public void onTick(LongConsumer listener) {
    tickListeners.add(listener);
  }

  /** Hears every hop as it is joined (tests, benches). */
  public void onHop(Consumer<Hop> listener) {
    hopListeners.add(listener);
  }

  /**
   * @param fromSecond first second (wall clock) of the range
   * @param toSecond first second after it
   * @param baselineFromSecond start of the time in which to look for a baseline
   * @param fromRank part of the requests to compare, by rank of the total; negative: chosen
   */
  public Verdict diagnose(
      String path, long fromSecond, long toSecond, long baselineFromSecond, double fromRank) {
    Against past = Against.past(baselineFromSecond, fromSecond);
    return diagnose(path, fromSecond, toSecond, past, fromRank);
  }

  /** The same against what is given. */
  public Verdict diagnose(
      String path, long fromSecond, long toSecond, Against against, double fromRank) {
    boolean isOver = toSecond < wallNanos / Nanos.PER_SECOND - Limits.PRESENT_SECONDS;
    Hanging.Live live =
        isOver
            ? Hanging.Live.NONE
            : new Hanging.Live(
                podTraffic.unanswered(),
                podTraffic::answeredSince,
                windows.unacknowledged::since,
                wallNanos);
    return new Diagnosis(windows, sensitivity)
        .diagnose(
            new Diagnosis.Query(path, fromSecond, toSecond, against, fromRank, live),
            joinedShare());
  }

  /** Requests seen since the start, by path. */
  public Map<String, Long> paths() {
    return windows.pathCounts();
  }

  /** Whether the path has been seen since the start, or is archived in the range. */
  public boolean knows(String path, long fromSecond, long toSecond) {
    return windows.knows(path, fromSecond, toSecond);
  }

  /** The requests kept under this id, oldest first. */
  public List<FinishedRequest> requests(String requestId) {
    return requests.find(requestId);
  }

  /** One page of the requests kept. */
  public List<FinishedRequest> search(RequestSearch search) {
    return requests.search(search);
  }

  /** What passed, by path and edge; read it on this thread. */
  public Traffic traffic() {
    return new Traffic(windows);
  }

  /** Pods, their processes and lines; read it on this thread. */
  public PodViews pods() {
    return podTraffic.views();
  }

  public JoinCounters counters() {
    return counters;
  }

  /** Share (0..1) of all hops so far with both spans and all socket ends. */
  public double joinedShare() {
    double full = counters.get(Count.HOPS_FULL);
    double all = full + counters.get(Count.HOPS_PARTIAL) + counters.get(Count.HOPS_HALF);
    return all == 0 ? 0 : full / all;
  }

  /** How many records wait in each stage; of any thread, as of about now. */
  public Map<String, Integer> waiting() {
    return Map.of(
        "spans", podJoin.waiting(),
        "exchanges", exchanges.size(),
        "tcpConnections", tcpJoin.waiting(),
        "halves", hops.waiting(),
        "hops", paths.waiting());
  }

  /**
   * Pods whose sidecars' sockets were compared with their access logs, those that told least first;
   * as of some seconds ago. Any thread.
   */
  public List<AccessLogLoss.Told> accessLogs() {
    return accessLogsLately;
  }

  private void served(Exchange served, boolean told) {
    counters.add(told ? Count.REQUESTS_LOGGED : Count.REQUESTS_NOT_LOGGED);
    windows.logged(told, clocks.toWall(served.node(), served.marks().sendFirstNanos()));
  }

  private void half(HalfHop half) {
    turns.half(half);
    hops.half(half, nowNanos);
  }

  private void hop(Hop hop, long arrivedNanos) {
    for (int i = 0; i < hopListeners.size(); i++) {
      hopListeners.get(i).accept(hop);
    }
    paths.hop(hop, arrivedNanos);
  }

  private void request(PathNode root) {
    SidecarSpan span = root.hop().outer().span();
    charges.clear();
    if (!TcpSpans.isLifetime(span)) {
      CriticalPath.collect(root, turns, charges);
    }
    FinishedRequest request = requests.add(root, windows.bounded(path(root, span)), charges);
    windows.request(request.path(), root, charges, request.endWallNanos());
    for (int i = 0; i < requestListeners.size(); i++) {
      requestListeners.get(i).accept(request);
    }
  }

  private String path(PathNode root, SidecarSpan span) {
    String asked = span.path();
    if (span.protocol() == Protocol.TCP) {
      return asked;
    }
    boolean isUnread = asked.isEmpty() && span.request().method().isEmpty();
    return isUnread ? Routes.UNREAD : routes.name(root.edge().server(), asked);
  }
}
