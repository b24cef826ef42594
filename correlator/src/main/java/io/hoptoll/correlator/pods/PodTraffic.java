package io.hoptoll.correlator.pods;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.HttpMessage;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.Pod;
import io.hoptoll.model.RunningProcess;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SidecarSpan.Protocol;
import io.hoptoll.model.SocketProtocol;
import io.hoptoll.model.SocketTuple;
import io.hoptoll.model.WireProtocol;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Sorts what sockets report into lines between processes. A line is seen from one pod: of a
 * connection inside it both sides, of one to a peer outside the pod's side.
 */
public final class PodTraffic {
  private record SocketRef(String node, long id) {
    // By hand: looked up for every exchange, and a record's own two are several times slower.
    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof SocketRef s && id == s.id && node.equals(s.node);
    }

    @Override
    public int hashCode() {
      return 31 * node.hashCode() + Long.hashCode(id);
    }
  }

  /** One open socket. */
  private static final class Socket {
    final SocketAccount account = new SocketAccount();
    @Nullable ProcessRef peer;
    @Nullable Meters meters;
    WireProtocol protocol = WireProtocol.UNKNOWN;
    String serverName = "";
    boolean isPeerOutside;
    int waiting;
    final LatestTurn answeredTurn = new LatestTurn();
    Answered.@Nullable Counts answers;
    final HttpRequests.OfSocket http = new HttpRequests.OfSocket();

    /** Answered before its line was known; null as long as there was none. */
    @Nullable Deque<Answer> unplaced;
  }

  /** A report that waits until its socket's other end has had time to report as well. */
  private record Report(
      Socket socket,
      PodRef pod,
      ProcessRef owner,
      Role role,
      SocketTuple tuple,
      int flags,
      long establishedNanos,
      Consumer<Meters> addition,
      long dueNanos) {}

  private final Processes processes = new Processes();
  private final PodNames names = new PodNames(processes);
  private final Ends ends = new Ends();
  private final Map<PodRef, PodLines> pods = new LinkedHashMap<>();
  private final Deque<Report> waiting = new ArrayDeque<>();
  private final RecentEnds httpClients = new RecentEnds(Limits.HTTP_ENDS);

  /** Ends of connections whose first bytes are of HTTP/1. */
  private final RecentEnds httpBegins = new RecentEnds(Limits.HTTP_ENDS);

  private final UpgradedEnds upgraded = new UpgradedEnds();
  private final Answered answered = new Answered();
  private final PodCounters counters = new PodCounters();
  private final HttpRequests requests;
  private final UnaryOperator<String> routes;
  private final PodViews views;
  private final Map<SocketRef, Socket> sockets =
      new LinkedHashMap<>(1_024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SocketRef, Socket> eldest) {
          boolean full = size() > Limits.SOCKETS;
          counters.socketsForgotten += full ? 1 : 0;
          return full;
        }
      };

  private int lines;
  private long nextForgetNanos;
  private long nowNanos;

  public PodTraffic() {
    this(UnaryOperator.identity(), call -> {});
  }

  /**
   * @param routes gives the path of a request the name under which it is counted
   * @param calls hears each request whose head was seen, once it is over
   */
  public PodTraffic(UnaryOperator<String> routes, Consumer<HttpCall> calls) {
    this.routes = routes;
    this.requests = new HttpRequests(ends, calls);
    this.views = new PodViews(processes, names, pods, counters, requests.open());
  }

  public void exchange(Exchange e, long nowNanos) {
    PodRef pod = new PodRef(e.node(), e.netns());
    if (isRefused(pod, e.role())) {
      return;
    }
    Socket socket = socket(e.node(), e.socketId());
    Answer answer = requests.exchange(socket.http, e, nowNanos);
    ProcessRef owner = new ProcessRef(e.node(), e.owner().tgid());
    ends.holds(pod, e.role(), e.tuple(), owner, e.socketId(), Nanos.UNSET);
    count(socket, e, owner, nowNanos);
    take(
        new Report(
            socket,
            pod,
            owner,
            e.role(),
            e.tuple(),
            e.flags(),
            e.opening().establishedNanos(),
            meters -> {
              counters.overtaken += socket.account.add(e, meters) ? 0 : 1;
              if (answer != null) {
                meters.requests.add(answer, routes);
              }
              placeAnswers(socket, meters);
            },
            nowNanos + Limits.PEER_WAIT_NANOS));
  }

  private void count(Socket socket, Exchange e, ProcessRef owner, long nowNanos) {
    boolean isNew = e.role() == Role.ACCEPT && socket.answeredTurn.isBefore(e);
    long asked = OpenRequests.askedNanos(e);
    if (!isNew || !Nanos.isSet(asked) || !OpenRequests.isAnswered(e)) {
      return;
    }
    socket.answeredTurn.take(e);
    socket.answers =
        socket.answers == null
            ? answered.of(owner, e.tuple().local().port())
            : answered.kept(socket.answers);
    Answered.add(socket.answers, nowNanos - Math.max(0, e.emitNanos() - asked));
  }

  public void connection(Connection c, long nowNanos) {
    requests.open().connection(c);
    Socket ended = Nanos.isSet(c.closeNanos()) ? end(c) : null;
    PodRef pod = new PodRef(c.node(), c.netns());
    if (isRefused(pod, c.role())) {
      return;
    }
    Socket socket = ended == null ? socket(c.node(), c.socketId()) : ended;
    ProcessRef owner = new ProcessRef(c.node(), c.owner().tgid());
    ends.holds(pod, c.role(), c.tuple(), owner, c.socketId(), c.closeNanos());
    take(
        new Report(
            socket,
            pod,
            owner,
            c.role(),
            c.tuple(),
            c.flags(),
            c.opening().establishedNanos(),
            meters -> {
              socket.account.add(c, meters);
              placeAnswers(socket, meters);
            },
            nowNanos + Limits.PEER_WAIT_NANOS));
  }

  /** Comes before the first exchange of its socket; of a pod that is left out nothing is kept. */
  public void protocol(SocketProtocol p) {
    if (!processes.isLeftOut(new PodRef(p.node(), p.netns()))) {
      Socket socket = socket(p.node(), p.socketId());
      socket.protocol = socket.protocol.with(p.protocol());
      socket.serverName = p.serverName().isEmpty() ? socket.serverName : p.serverName();
    }
    if (p.protocol() == WireProtocol.HTTP1) { // either end asks; the other is no client's
      httpBegins.add(p.tuple().local());
      httpBegins.add(p.tuple().remote());
    }
  }

  /** Comes before the exchange of its turn; of HTTP/2 turns are none. */
  public void message(HttpMessage m, long nowNanos) {
    if (m.socketId() == 0 || isRefused(new PodRef(m.node(), m.netns()), m.role())) {
      return;
    }
    Socket socket = socket(m.node(), m.socketId());
    Answer answer = requests.message(socket.http, m, nowNanos);
    if (answer != null) {
      answered(socket, answer);
    }
  }

  /** Also of a pod that is refused by now. */
  private Socket end(Connection c) {
    Socket known = sockets.remove(new SocketRef(c.node(), c.socketId()));
    Socket socket = known == null ? new Socket() : known;
    requests.end(socket.http, c).forEach(a -> answered(socket, a));
    return socket;
  }

  private void answered(Socket socket, Answer answer) {
    if (socket.meters != null) {
      socket.meters.requests.add(answer, routes);
      return;
    }
    if (socket.unplaced == null) {
      socket.unplaced = new ArrayDeque<>();
    }
    if (socket.unplaced.size() < Limits.STREAMS_UNPLACED) {
      socket.unplaced.add(answer);
    } else {
      counters.streamsUnplaced++;
    }
  }

  private void placeAnswers(Socket socket, Meters meters) {
    while (socket.unplaced != null && !socket.unplaced.isEmpty()) {
      meters.requests.add(socket.unplaced.removeFirst(), routes);
    }
  }

  /**
   * Packets that one of these sockets sent, or was to receive. A kernel that frees them before it
   * looks for their socket, as netfilter has it do, tells the addresses alone.
   */
  public void drop(PacketDrop d) {
    PodRef pod = new PodRef(d.node(), d.netns());
    long id = d.socketId() == 0 ? ends.socketOf(pod, d.source(), d.destination()) : d.socketId();
    Socket socket = id == 0 ? null : sockets.get(new SocketRef(d.node(), id));
    if (socket == null || socket.meters == null) {
      counters.dropsUnplaced += d.packets();
    } else {
      socket.meters.drops += d.packets();
    }
  }

  public void running(RunningProcess p, long nowNanos) {
    ProcessRef ref = new ProcessRef(p.node(), p.tgid());
    if (p.ended()) {
      requests.open().ended(ref);
      answered.ended(ref);
    }
    if (processes.add(p, nowNanos)) {
      answered.ended(ref);
      PodLines own = pods.get(new PodRef(p.node(), p.netns()));
      lines -= own == null ? 0 : own.forget(ref);
    }
  }

  public void namespace(NetworkNamespace namespace) {
    names.namespace(namespace);
  }

  public void pod(Pod pod) {
    names.pod(pod);
  }

  /** Learns the pod's name from its sidecar, and that these connections carry HTTP. */
  public void span(SidecarSpan span) {
    names.proxy(span.proxy());
    if (span.outcome().code()
        == HttpRequests.SWITCHED) { // over: what followed the answer was no HTTP
      upgraded.add(span.upstreamLocal(), nowNanos);
      upgraded.add(span.downstreamDirectRemote(), nowNanos);
    } else if (span.protocol() != Protocol.TCP) {
      speaksHttp(span.upstreamLocal());
      speaksHttp(span.downstreamDirectRemote());
    }
  }

  private void speaksHttp(Endpoint client) {
    if (client.isSet()) {
      httpClients.add(client);
    }
  }

  /** Places what has waited, forgets what is idle. */
  public void tick(long nowNanos) {
    this.nowNanos = nowNanos;
    while (!waiting.isEmpty() && waiting.getFirst().dueNanos <= nowNanos) {
      release(waiting.removeFirst());
    }
    if (nowNanos >= nextForgetNanos) {
      nextForgetNanos = nowNanos + Limits.FORGET_EVERY_NANOS;
      forget(nowNanos);
    }
  }

  private void forget(long nowNanos) {
    for (PodLines own : pods.values()) {
      lines -= own.forgetIdle(nowNanos);
    }
    pods.values().removeIf(own -> own.all().isEmpty());
    processes.tick(nowNanos);
  }

  /** What can be asked; on the same thread. */
  public PodViews views() {
    counters.streamsForgotten = requests.streamsForgotten();
    return views.at(nowNanos);
  }

  /**
   * Requests that wait for their answer or were given up lately, of all pods; on the same thread.
   */
  public List<Unanswered> unanswered() {
    return requests.open().turns(this::asks, nowNanos);
  }

  /** What follows a first request may be another protocol (101): an access log tells. */
  private boolean asks(Endpoint connecting, int turn) {
    boolean isHttp = httpClients.has(connecting) || turn == 0 && httpBegins.has(connecting);
    return isHttp && !upgraded.has(connecting, nowNanos);
  }

  /**
   * Requests of the last 16 s that the process has answered and was asked in less than so many ns
   * before now; on the same thread.
   *
   * @param port its own
   */
  public long answeredSince(String node, int tgid, int port, long ageNanos) {
    return answered.since(new ProcessRef(node, tgid), port, nowNanos - ageNanos);
  }

  private boolean isRefused(PodRef pod, Role role) {
    if (role == Role.UNKNOWN) {
      counters.unknownRole++;
    } else if (processes.isLeftOut(pod)) {
      counters.onNodeNetwork++;
    } else if (!pods.containsKey(pod) && pods.size() >= Limits.PODS) {
      counters.podsRefused++;
    } else {
      return false;
    }
    return true;
  }

  private Socket socket(String node, long id) {
    return sockets.computeIfAbsent(new SocketRef(node, id), k -> new Socket());
  }

  /** Reports of one socket stay in order: while one waits, the next wait too. */
  private void take(Report r) {
    findPeer(r);
    boolean isPlaced = r.socket.peer != null || r.socket.isPeerOutside;
    if (isPlaced && r.socket.waiting == 0) {
      place(r);
      return;
    }
    if (waiting.size() >= Limits.WAITING) {
      counters.placedEarly++;
      release(waiting.removeFirst());
    }
    r.socket.waiting++;
    waiting.addLast(r);
  }

  private void release(Report r) {
    r.socket.waiting--;
    findPeer(r);
    r.socket.isPeerOutside = r.socket.peer == null;
    place(r);
  }

  private void findPeer(Report r) {
    if (r.socket.peer == null) {
      r.socket.peer = ends.otherEnd(r.pod, r.role, r.tuple, r.establishedNanos);
    }
  }

  private void place(Report r) {
    boolean isClient = r.role == Role.CONNECT;
    Party self = new Party.Inside(r.owner);
    Party peer = peer(r, isClient);
    Line.Key key = isClient ? new Line.Key(self, peer) : new Line.Key(peer, self);
    PodLines own = pods.computeIfAbsent(r.pod, k -> new PodLines());
    int before = own.all().size();
    Line line = own.line(key, lines < Limits.LINES);
    lines += own.all().size() - before;
    counters.inOther += PodLines.isOther(line) ? 1 : 0;
    describe(line, r, isClient);
    r.socket.meters = isClient ? line.client : line.server;
    r.addition.accept(r.socket.meters);
  }

  private static Party peer(Report r, boolean isClient) {
    if (r.socket.peer != null) {
      return new Party.Inside(r.socket.peer);
    }
    return new Party.Outside(isClient ? r.tuple.remote() : r.tuple.remote().host());
  }

  private void describe(Line line, Report r, boolean isClient) {
    Endpoint client = isClient ? r.tuple.local() : r.tuple.remote();
    line.lastNanos = r.dueNanos;
    line.isTls |= (r.flags & Exchange.TLS) != 0;
    boolean isHttp2 = (r.flags & Exchange.MULTIPLEXED) != 0;
    if (isHttp2) { // also of one older than the agent, whose preface nobody saw
      line.protocol = line.protocol.with(WireProtocol.HTTP2);
    }
    line.protocol = line.protocol.with(r.socket.protocol);
    line.serverName(r.socket.serverName);
    line.isHttp |= isHttp2 || httpClients.has(client);
    if (!isClient || r.socket.peer == null) { // a redirected client does not know the port
      line.port(isClient ? r.tuple.remote().port() : r.tuple.local().port());
    }
  }
}
