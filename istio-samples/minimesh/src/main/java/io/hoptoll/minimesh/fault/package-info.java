/**
 * Faults: each starts, stops and then tells the truth — who was at fault, on which edge, and how
 * long requests or packets were really held, measured where it was done.
 */
@NullMarked
package io.hoptoll.minimesh.fault;

import org.jspecify.annotations.NullMarked;
