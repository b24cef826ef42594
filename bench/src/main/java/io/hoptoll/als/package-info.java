/** Benchmarks of the receiver's package-private parts; no code of the product. */
@NullMarked
package io.hoptoll.als;

import org.jspecify.annotations.NullMarked;
