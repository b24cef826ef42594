/** Benchmarks of the correlator's package-private parts; no code of the product. */
@NullMarked
package io.hoptoll.correlator;

import org.jspecify.annotations.NullMarked;
