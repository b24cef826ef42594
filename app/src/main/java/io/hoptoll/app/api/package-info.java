/**
 * The HTTP API: parameters in, JSON out. Runs on Vert.x event loops, asks the correlator's thread.
 */
@NullMarked
package io.hoptoll.app.api;

import org.jspecify.annotations.NullMarked;
