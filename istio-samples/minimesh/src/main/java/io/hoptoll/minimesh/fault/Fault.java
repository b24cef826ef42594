package io.hoptoll.minimesh.fault;

import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;
import java.time.Instant;

/** One fault on one edge of a running mesh. */
public abstract class Fault {
  private final String name;
  private final Party party;
  private final Cause cause;
  final String from;
  final String to;
  private long startWallNanos;

  Fault(String name, Party party, Cause cause, String from, String to) {
    this.name = name;
    this.party = party;
    this.cause = cause;
    this.from = from;
    this.to = to;
  }

  public final String name() {
    return name;
  }

  /** Who will be at fault. */
  public final Party party() {
    return party;
  }

  /** Why. */
  public final Cause cause() {
    return cause;
  }

  /** The workload whose app or sidecar it is; for the transport, the one that is sent to. */
  final String workload() {
    return party == Party.CLIENT_SIDECAR || party == Party.CLIENT_APP ? from : to;
  }

  /** One line for a person: what is done to whom. */
  public abstract String description();

  public final void start() {
    startWallNanos = wallNanos();
    inject();
  }

  /** Undoes it and says what it really did. */
  public final Truth stop() {
    Truth.Held held = remove();
    return new Truth(name, party, cause, from, to, startWallNanos, wallNanos(), held, measured());
  }

  abstract void inject();

  abstract Truth.Held remove();

  abstract String measured();

  private static long wallNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}
