/** Benches: each a command that anyone can run, with its truth taken outside the product. */
@NullMarked
package io.hoptoll.bench;

import org.jspecify.annotations.NullMarked;
