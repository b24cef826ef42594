/**
 * The words of Hoptoll as records: what sources report ({@link io.hoptoll.model.SidecarSpan},
 * {@link io.hoptoll.model.Exchange}), what the correlator makes of it ({@link
 * io.hoptoll.model.Ledger}, {@link io.hoptoll.model.Leg}) and what a user reads ({@link
 * io.hoptoll.model.Cause}).
 *
 * <p>Depends on nothing. Everything is immutable and may cross threads. All times are {@code long}
 * nanoseconds and say so in their names; {@link io.hoptoll.model.Nanos#UNSET} is "not reported",
 * which differs from zero.
 */
@NullMarked
package io.hoptoll.model;

import org.jspecify.annotations.NullMarked;
