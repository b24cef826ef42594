package io.hoptoll.correlator;

import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;

/**
 * Why requests failed at one edge: the key under which they are counted.
 *
 * @param said status, flags and details of the entry that knows, such as {@code 503 UO overflow}
 */
record Failure(Cause cause, Party party, Edge edge, String said) {}
