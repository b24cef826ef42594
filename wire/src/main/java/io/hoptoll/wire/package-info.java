/**
 * Agent → server. In, at the agent: what {@link io.hoptoll.model.SocketSink}, {@link
 * io.hoptoll.model.PodSink} and {@link io.hoptoll.model.HalfHopSink} take; out, at the server:
 * calls of the same interfaces, with the same records in the same order. Between: {@code
 * hoptoll/v1/agents.proto} over one gRPC stream.
 *
 * <p>Threads. The agent's callers write records into memory and never wait; one thread packs, sends
 * and sends again. At the server each stream has one thread at a time, which waits while the
 * correlator's queue is full: HTTP/2 flow control then holds the agent.
 */
@NullMarked
package io.hoptoll.wire;

import org.jspecify.annotations.NullMarked;
