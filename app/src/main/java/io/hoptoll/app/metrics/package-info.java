/**
 * Metrics: hops and requests on the correlator's thread, every part's counters when asked, verdicts
 * of the busiest paths on a thread of their own in; Micrometer meters out, which Prometheus scrapes
 * and OTLP carries. Names are {@code hoptoll_*}, times seconds, labels bounded.
 */
@NullMarked
package io.hoptoll.app.metrics;

import org.jspecify.annotations.NullMarked;
