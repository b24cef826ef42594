/**
 * The archive of windows and exemplar requests in an embedded RocksDB. In: parts of windows as
 * bytes, from the correlator's thread; they wait in a bounded queue for the one thread that writes.
 * Out: the same bytes, read on the thread that asks. What fails is counted and said, and never
 * stops the correlator.
 */
@NullMarked
package io.hoptoll.store;

import org.jspecify.annotations.NullMarked;
