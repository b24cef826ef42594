/**
 * Envoy's access log streams in, {@link io.hoptoll.model.SidecarSpan}s out.
 *
 * <p>In: gRPC {@code envoy.service.accesslog.v3.AccessLogService} over TCP and unix sockets; a
 * stream's first message names the proxy, every message carries entries. Out: one span an entry,
 * handed to a {@link io.hoptoll.model.SpanSink}. On the way: {@code AccessLogStream} (one a stream)
 * → {@code MessageDecoder} → {@code Duplicates} → sink.
 *
 * <p>Threads: everything runs on the event loops that read the sockets ({@code als-io-N}), so the
 * sink is called by several of them and must not block. {@link io.hoptoll.als.AlsServer#stats} may
 * be called by any thread.
 */
@NullMarked
package io.hoptoll.als;

import org.jspecify.annotations.NullMarked;
