/**
 * Which requests outlive memory: every ten seconds the slowest, one of each cause and of each error
 * go to the store, as the API would answer for them. In: finished requests, on the correlator's
 * thread; they are encoded on a thread of their own. Out: the same, found by id or searched, on the
 * thread that asks.
 */
@NullMarked
package io.hoptoll.app.exemplar;

import org.jspecify.annotations.NullMarked;
