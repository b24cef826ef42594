package io.hoptoll.wire;

import io.hoptoll.model.HalfHopSink;
import io.hoptoll.model.PodSink;
import io.hoptoll.model.SocketSink;
import java.util.function.BooleanSupplier;

/**
 * Where the server hands records on.
 *
 * @param sockets called by a thread of each agent's; must not block
 * @param pods the same
 * @param entries the same
 * @param hasRoom while false, agents wait
 */
public record Outlet(
    SocketSink sockets, PodSink pods, HalfHopSink entries, BooleanSupplier hasRoom) {}
