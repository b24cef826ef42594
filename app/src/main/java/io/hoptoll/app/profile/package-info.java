/**
 * Profiling tasks: finished requests of one pod in, kept with their ledgers while a task runs. All
 * on the correlator's thread.
 */
@NullMarked
package io.hoptoll.app.profile;

import org.jspecify.annotations.NullMarked;
