/**
 * The join, the ledger, the windows and the verdict. In: {@link io.hoptoll.model.SidecarSpan}s and
 * what the kernel saw ({@link io.hoptoll.model.SocketSink}). Out: {@link io.hoptoll.model.Hop}s,
 * windows, {@link io.hoptoll.correlator.Verdict}s.
 *
 * <p>Stages, each with one input and one output, in the order of {@link
 * io.hoptoll.correlator.Correlator}: PodJoin, HopJoin (with the Ledger), PathAssembly, Windows,
 * Diagnosis. {@link io.hoptoll.correlator.NodeJoin} is PodJoin alone, for an agent, whose half hops
 * a server takes in its place. Pure logic: no sockets, no threads, no clocks of its own; one thread
 * calls it.
 */
@NullMarked
package io.hoptoll.correlator;

import org.jspecify.annotations.NullMarked;
