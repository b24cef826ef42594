/**
 * Tests of the receiver: recorded entries of a real Envoy 1.40 through the decoder, the service
 * over real gRPC channels, and (tag {@code envoy}) a real Envoy that logs to it.
 */
@NullMarked
package io.hoptoll.als;

import org.jspecify.annotations.NullMarked;
