/**
 * The node's eyes on its sockets. In: the probes' ring buffer, {@code /proc}, cgroups. Out: {@link
 * io.hoptoll.model.Exchange}, {@link io.hoptoll.model.Connection} and what goes with them, to a
 * {@link io.hoptoll.model.SocketSink}.
 *
 * <p>One thread, {@code socket-agent}, does everything after {@link io.hoptoll.agent.SocketAgent}
 * started. The only package that calls native code (libbpf and libc through jnr-ffi).
 */
@NullMarked
package io.hoptoll.agent;

import org.jspecify.annotations.NullMarked;
