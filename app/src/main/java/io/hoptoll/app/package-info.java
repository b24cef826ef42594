/**
 * The assembly: ALS receiver and socket agent in, correlator in the middle, HTTP API out. The only
 * package that knows all modules. Sources hand their records to {@link
 * io.hoptoll.app.CorrelatorLoop}, whose one thread owns the correlator.
 */
@NullMarked
package io.hoptoll.app;

import org.jspecify.annotations.NullMarked;
