package io.hoptoll.correlator;

import io.hoptoll.correlator.pods.Unanswered;
import io.hoptoll.model.Nanos;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Requests without an answer in the sockets of the processes that work for a path. */
final class HungRequests {
  /** Older ones are rather connections that are asked and never answer. */
  private static final long LONGEST_NANOS = Limits.WINDOWS * Nanos.PER_SECOND;

  /** A call may be written a moment before the request that it is made for is seen as read. */
  private static final long SLACK_NANOS = 50 * Nanos.PER_MILLI;

  private final Owners owners;
  private final String path;
  private final Map<ProcessKey, Actor> processes;
  private final double fromNanos;

  /** By process: what it was asked and has read, what was sent to it, the calls it made. */
  private final Map<ProcessKey, List<Unanswered>> asked = new HashMap<>();

  private final Map<ProcessKey, List<Unanswered>> sent = new HashMap<>();
  private final Map<ProcessKey, List<Unanswered>> calls = new HashMap<>();

  /** What a sidecar sent to its app on connections that nobody has accepted. */
  private final Map<ProcessKey, List<Unanswered>> untaken = new HashMap<>();

  /**
   * @param fromNanos from this age on a request hangs
   */
  HungRequests(Owners owners, String path, double fromNanos, List<Unanswered> all) {
    this.owners = owners;
    this.path = path;
    this.processes = all.isEmpty() ? Map.of() : owners.of(path);
    this.fromNanos = fromNanos;
    all.stream().filter(u -> u.ageNanos() < LONGEST_NANOS).forEach(this::sort);
  }

  private void sort(Unanswered u) {
    ProcessKey own = new ProcessKey(u.node(), u.tgid());
    if (!u.isClient()) {
      put(asked, own, u, u.isRequest() && isServed(own, u.port()));
      return;
    }
    ProcessKey peer = new ProcessKey(u.node(), u.peerTgid());
    put(calls, own, u, processes.containsKey(own));
    boolean isUntaken = u.isRequest() && u.isInside() && u.peerTgid() == 0 && !u.isRead();
    put(untaken, own, u, isUntaken && isOfAppBehind(own, u.port()));
    put(sent, peer, u, u.isRequest() && !u.isRead() && isServed(peer, u.port()));
  }

  /** Whether the app behind this sidecar is asked on that port, as far as is known. */
  boolean isOfAppBehind(ProcessKey sidecar, int port) {
    return appsOf(sidecar).anyMatch(app -> isServed(app, port));
  }

  /** Of a sidecar those behind it; of others none. */
  private Stream<ProcessKey> appsOf(ProcessKey sidecar) {
    Actor actor = processes.get(sidecar);
    return actor == null || actor.kind() != Actor.Kind.SIDECAR
        ? Stream.empty()
        : processes.entrySet().stream()
            .filter(e -> e.getKey().node().equals(sidecar.node()))
            .filter(e -> e.getValue().kind() == Actor.Kind.APP)
            .filter(e -> e.getValue().name().equals(actor.name()))
            .map(Map.Entry::getKey);
  }

  private static void put(
      Map<ProcessKey, List<Unanswered>> by, ProcessKey key, Unanswered u, boolean wanted) {
    if (wanted) {
      by.computeIfAbsent(key, k -> new ArrayList<>()).add(u);
    }
  }

  /** Whether the path's requests come to this port of the process. */
  private boolean isServed(ProcessKey process, int port) {
    Actor actor = processes.get(process);
    if (actor == null || actor.kind() == Actor.Kind.SIDECAR) {
      return actor != null;
    }
    Owners.Worker worker = owners.of(path, actor).get(process);
    return worker != null && (worker.port() == 0 || worker.port() == port);
  }

  /** The path's, each with whose it is. */
  Map<ProcessKey, Actor> processes() {
    return processes;
  }

  /** What the process has read and not answered. */
  List<Unanswered> read(ProcessKey process) {
    return hung(asked, process);
  }

  /** What was sent to it from its own pod, where it has read nothing. */
  List<Unanswered> unread(ProcessKey process) {
    return read(process).isEmpty() ? hung(sent, process) : List.of();
  }

  /** What it sent to its app and stands in the app's listen queue, where the app has no other. */
  List<Unanswered> untaken(ProcessKey sidecar) {
    return appsOf(sidecar).anyMatch(app -> all(app).findAny().isPresent())
        ? List.of()
        : hung(untaken, sidecar);
  }

  /** Both: one of them is empty. */
  Stream<Unanswered> all(ProcessKey process) {
    return Stream.concat(read(process).stream(), unread(process).stream());
  }

  private List<Unanswered> hung(Map<ProcessKey, List<Unanswered>> by, ProcessKey process) {
    return by.getOrDefault(process, List.of()).stream().filter(this::isOld).toList();
  }

  boolean isOld(Unanswered u) {
    return u.ageNanos() >= fromNanos;
  }

  /**
   * Calls that it made since it read the first of those that hang. A young one may be a poll that
   * it always has open; and while one of those still waits, none that was given up is what it waits
   * for.
   */
  List<Unanswered> callsSince(ProcessKey process) {
    List<Unanswered> read = read(process);
    long first = since(read.stream()) + SLACK_NANOS;
    boolean waits = read.stream().anyMatch(u -> u.overNanos() == 0);
    return calls.getOrDefault(process, List.of()).stream()
        .filter(c -> c.sinceNanos() <= first && !(waits && c.overNanos() > 0))
        .toList();
  }

  /** How many there are: one and the same is at every process that it came to. */
  int count() {
    return processes.keySet().stream()
        .mapToInt(p -> Math.max(read(p).size(), Math.max(unread(p).size(), untaken(p).size())))
        .max()
        .orElse(0);
  }

  /** Age of the first, ns. */
  long oldestNanos() {
    return oldest(processes.keySet().stream().flatMap(this::everything));
  }

  /** How long ago the first was asked, ns. */
  long sinceNanos() {
    return since(processes.keySet().stream().flatMap(this::everything));
  }

  private Stream<Unanswered> everything(ProcessKey process) {
    return Stream.concat(all(process), untaken(process).stream());
  }

  static long since(Stream<Unanswered> all) {
    return all.mapToLong(Unanswered::sinceNanos).max().orElse(0);
  }

  static long oldest(Stream<Unanswered> all) {
    return all.mapToLong(Unanswered::ageNanos).max().orElse(0);
  }
}
