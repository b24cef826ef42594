package io.hoptoll.correlator;

import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Latest;
import io.hoptoll.model.Nanos;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls that apps made and that were not answered when the kernel was asked ({@link
 * Exchange#FLUSHED}). No access log tells of a call before it ends, so who gave up on a request
 * whose app goes on waiting would find the app at fault.
 */
final class OpenCalls {
  private record Id(long socketId, int turn) {}

  /** From its first byte to its answer, its end, or {@link Long#MAX_VALUE}. */
  private static final class Call {
    final Endpoint peer;
    final int tid;
    final long fromNanos;
    long untilNanos = Long.MAX_VALUE;
    boolean isClaimed;

    Call(Endpoint peer, int tid, long fromNanos) {
      this.peer = peer;
      this.tid = tid;
      this.fromNanos = fromNanos;
    }
  }

  /** Whom a request waited for when it was given up, and since when. */
  record Wait(Endpoint peer, long fromNanos) {}

  private static final class Calls extends Latest<Id, Call> {
    private static final long serialVersionUID = 1L;

    Calls() {
      super(Limits.OPEN_CALLS_PER_PROCESS);
    }
  }

  private final Map<ProcessKey, Calls> processes = new Latest<>(Limits.PROCESSES_CALLING);

  /**
   * @param e an app's
   */
  void exchange(Exchange e) {
    Exchange.Marks m = e.marks();
    if (e.role() != Role.CONNECT || !Nanos.isSet(m.sendFirstNanos())) {
      return;
    }
    boolean isAnswered = Nanos.isSet(m.readFirstNanos());
    boolean isOver = isAnswered || e.has(Exchange.CLOSED);
    if (isOver && processes.isEmpty()) {
      return;
    }
    Calls calls = processes.get(process(e));
    if (isOver) { // most
      Call known = calls == null ? null : calls.get(id(e));
      if (known != null) {
        known.untilNanos = isAnswered ? m.readFirstNanos() : e.emitNanos();
      }
      return;
    }
    if (calls == null) {
      calls = new Calls();
      processes.put(process(e), calls);
    }
    calls.putIfAbsent(id(e), new Call(e.tuple().remote(), e.owner().tid(), m.sendFirstNanos()));
  }

  private static ProcessKey process(Exchange e) {
    return new ProcessKey(e.node(), e.owner().tgid());
  }

  private static Id id(Exchange e) {
    return new Id(e.socketId(), e.turn());
  }

  /**
   * The call that the process made first after it had read the request and that was still
   * unanswered when that was given up, rather one of the thread that read it; each stands for one
   * request. Null: there is none, or it is one of the request's hops.
   *
   * @param from since when the request is the app's: when it read it
   * @param to when it was given up
   */
  @Nullable Wait claim(Exchange serving, List<PathNode> hops, long from, long to) {
    Calls calls = processes.get(process(serving));
    if (calls == null) {
      return null;
    }
    Call first = null;
    for (Map.Entry<Id, Call> e : calls.entrySet()) {
      Call call = e.getValue();
      boolean isOpen = call.fromNanos >= from && call.fromNanos < to && call.untilNanos >= to;
      boolean isOwn = call.tid == serving.owner().tid();
      if ((first == null || isOwn) && isOpen && !call.isClaimed && !isHop(e.getKey(), hops)) {
        first = call;
        if (isOwn) {
          break;
        }
      }
    }
    if (first == null) {
      return null;
    }
    first.isClaimed = true;
    return new Wait(first.peer, first.fromNanos);
  }

  private static boolean isHop(Id id, List<PathNode> hops) {
    for (PathNode node : hops) {
      HalfHop client = node.hop().client();
      Exchange app = client == null ? null : client.callingApp();
      if (app != null && app.socketId() == id.socketId() && app.turn() == id.turn()) {
        return true;
      }
    }
    return false;
  }
}
