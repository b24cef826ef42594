/**
 * The whole server under load, in a process of its own: what an entry costs, what happens beyond
 * what it can do, and whether its memory stays flat.
 */
@NullMarked
package io.hoptoll.bench.ingest;

import org.jspecify.annotations.NullMarked;
