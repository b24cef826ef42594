/**
 * The tour: minimesh and product in one process, joined by what a user has too — the ALS socket and
 * the HTTP API. Faults one after another, and what Hoptoll says of each beside the truth.
 */
@NullMarked
package io.hoptoll.demo;

import org.jspecify.annotations.NullMarked;
