/**
 * Judges the busiest paths again and again: verdicts and tail parts out, to metrics and alerts. A
 * thread of its own asks, the correlator's thread answers one path at a time.
 */
@NullMarked
package io.hoptoll.app.watch;

import org.jspecify.annotations.NullMarked;
