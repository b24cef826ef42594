package io.hoptoll.model;

import io.hoptoll.model.Exchange.Role;
import org.jspecify.annotations.Nullable;

/**
 * A {@link HalfHop} that a node's agent joined, as it tells the server. The exchanges of its
 * sockets were told before it, each by itself, for all that needs them beside the join; here they
 * are named, not repeated.
 *
 * @param announced whether the entry was announced ({@link HalfHopSink#announced}) before
 * @param node empty where the agent found no namespace of the proxy
 * @param startNanos the span's start on the node's monotonic clock
 */
public record HalfHopReport(
    SidecarSpan span,
    boolean announced,
    String node,
    long netns,
    long startNanos,
    End callingApp,
    End downstream,
    End upstream,
    End servingApp,
    UpstreamPool pool) {

  /** What is told of one socket end. */
  public sealed interface End {}

  /** It was not found, or there is none. */
  public record Absent() implements End {}

  /**
   * An exchange that was told.
   *
   * @param connecting the connecting side's address and port, whichever side the end is of
   */
  public record Named(Endpoint connecting, long socketId, int turn) implements End {}

  /** An exchange that only the agent knows: a stream's part of a multiplexed connection. */
  public record Whole(Exchange exchange) implements End {}

  private static final End ABSENT = new Absent();

  /** Of a half hop that is joined. */
  public static HalfHopReport of(HalfHop half, boolean announced) {
    return new HalfHopReport(
        half.span(),
        announced,
        half.node(),
        half.netns(),
        half.startNanos(),
        end(half.callingApp()),
        end(half.downstream()),
        end(half.upstream()),
        end(half.servingApp()),
        half.pool());
  }

  private static End end(@Nullable Exchange e) {
    if (e == null) {
      return ABSENT;
    }
    if (e.has(Exchange.SHARED)) {
      return new Whole(e);
    }
    Endpoint connecting = e.role() == Role.CONNECT ? e.tuple().local() : e.tuple().remote();
    return new Named(connecting, e.socketId(), e.turn());
  }
}
