/** Benchmarks of the protocol's inner classes: in their package, to see them. */
@NullMarked
package io.hoptoll.wire;

import org.jspecify.annotations.NullMarked;
