package io.hoptoll.correlator.pods;

import io.hoptoll.model.Exchange.Role;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.HttpHead;
import io.hoptoll.model.HttpMessage;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request that is over, at one end of its connection.
 *
 * @param asked its head; null where that was not seen
 * @param turn of its exchange; -1: HTTP/2
 * @param status 0: reset, or the connection ended
 * @param nanos to the answer's first byte; {@link io.hoptoll.model.Nanos#UNSET} without one
 * @param endNanos of the answer's first byte, without one when it was given up
 */
record Answer(@Nullable HttpMessage asked, int turn, int status, long nanos, long endNanos) {
  @Nullable HttpHead head() {
    return asked == null ? null : asked.head();
  }

  @Nullable HttpCall call() {
    return asked == null
        ? null
        : new HttpCall(
            false,
            asked.node(),
            asked.netns(),
            asked.socketId(),
            turn,
            asked.tuple(),
            asked.role() == Role.ACCEPT,
            asked.owner(),
            asked.head(),
            status,
            asked.atNanos(),
            Math.max(asked.atNanos(), endNanos));
  }
}
