/**
 * {@code ./hoptoll bench overhead}: what watching costs. In: this machine's kernel, rivals of the
 * probes and servers under load. Out: tables. One thread; what is attached is attached by another
 * process.
 */
@NullMarked
package io.hoptoll.bench.overhead;

import org.jspecify.annotations.NullMarked;
