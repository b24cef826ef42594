package io.hoptoll.agent;

import io.hoptoll.model.Connection;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.Latest;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.PortRewrite;
import io.hoptoll.model.SocketSink;
import io.hoptoll.model.SocketTuple;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the connecting end of connections inside a pod whose source port NAT replaced. The kernel
 * is asked ({@link Conntrack}) only where the sockets themselves do not tell: an accepted socket on
 * loopback whose peer's address is not, and from whose port no socket of the namespace, or more
 * than one, connects. So a node without clashes never reads the table.
 */
final class PortRewrites {
  private static final Logger LOG = LoggerFactory.getLogger(PortRewrites.class);

  /** Connecting sockets remembered, 3 MB; the longest unheard of are forgotten first. */
  private static final int SOCKETS = 16_384;

  /** Accepted sockets that wait for a look, and those that had one. */
  private static final int WAITING = 1_024;

  /** A look reads one namespace's table, over all of the node's: some milliseconds. */
  private static final int TABLES_A_LOOK = 4;

  private record Port(long netns, Endpoint local) {}

  private record Question(long netns, long socketId, int tgid, SocketTuple accepted) {}

  private final Path proc;
  private final String node;
  private final SocketSink out;
  private final Map<Port, Set<Endpoint>> connecting = Latest.used(SOCKETS);
  private final Map<Long, Boolean> asked = Latest.used(SOCKETS);
  private final Deque<Question> waiting = new ArrayDeque<>();
  private boolean isMissingTold;

  PortRewrites(Path proc, String node, SocketSink out) {
    this.proc = proc;
    this.node = node;
    this.out = out;
  }

  synchronized void connection(Connection c) {
    if (c.role() != Role.CONNECT) {
      return;
    }
    Port port = new Port(c.netns(), c.tuple().local());
    if (!Nanos.isSet(c.closeNanos())) {
      connects(port, c.tuple().remote());
      return;
    }
    Set<Endpoint> called = connecting.get(port);
    if (called != null && called.remove(c.tuple().remote()) && called.isEmpty()) {
      connecting.remove(port);
    }
  }

  synchronized void exchange(Exchange e) {
    if (e.role() == Role.CONNECT) {
      if (e.has(Exchange.MIDWAY)) { // of others connection() has heard
        connects(new Port(e.netns(), e.tuple().local()), e.tuple().remote());
      }
    } else if (asked.putIfAbsent(e.socketId(), true) == null && isRedirected(e.tuple())) {
      if (waiting.size() >= WAITING) {
        waiting.removeFirst();
      }
      waiting.addLast(new Question(e.netns(), e.socketId(), e.owner().tgid(), e.tuple()));
    }
  }

  private void connects(Port port, Endpoint called) {
    connecting.computeIfAbsent(port, p -> new HashSet<>()).add(called);
  }

  /** REDIRECT of a local connection leads to loopback; who called another address keeps its own. */
  private static boolean isRedirected(SocketTuple t) {
    return t.local().ip().equals("127.0.0.1") && !t.remote().ip().startsWith("127.")
        || t.local().ip().equals("::1") && !t.remote().ip().equals("::1");
  }

  /** Asks the kernel about what waits; on a thread that may block. */
  void look() {
    Map<Long, List<Question>> byNamespace = new LinkedHashMap<>();
    synchronized (this) {
      while (!waiting.isEmpty() && byNamespace.size() < TABLES_A_LOOK) {
        Question q = waiting.removeFirst();
        if (!isPlain(q)) {
          byNamespace.computeIfAbsent(q.netns, n -> new ArrayList<>()).add(q);
        }
      }
    }
    byNamespace.values().forEach(this::ask);
  }

  /** From its port exactly one socket connects: nobody rewrote it. */
  private boolean isPlain(Question q) {
    Set<Endpoint> called = connecting.get(new Port(q.netns, q.accepted.remote()));
    return called != null && called.size() == 1;
  }

  private void ask(List<Question> questions) {
    int tgid = questions.get(0).tgid;
    if (NetworkNamespaces.inode(proc.resolve(Integer.toString(tgid))) != questions.get(0).netns) {
      return; // it ended, or its socket is not of the namespace that it lives in
    }
    Map<SocketTuple, SocketTuple> rewritten;
    try {
      rewritten = Conntrack.rewritten(proc, tgid);
    } catch (IOException e) {
      if (!isMissingTold) {
        isMissingTold = true;
        LOG.info("rewritten source ports are guessed, connection tracking is not readable: {}", e);
      }
      return;
    }
    for (Question q : questions) {
      SocketTuple original = rewritten.get(q.accepted);
      if (original != null) {
        out.rewrite(new PortRewrite(node, q.netns, q.socketId, q.accepted, original));
      }
    }
  }
}
