/** The bench's own arithmetic. */
@NullMarked
package io.hoptoll.bench.accuracy;

import org.jspecify.annotations.NullMarked;
