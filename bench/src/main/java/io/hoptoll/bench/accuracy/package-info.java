/**
 * How often the answer is right: cases in, a table out. One thread injects a fault under load, asks
 * the API over HTTP as a user would, and only then looks at the injector's record. What the apps
 * saw of each request is the truth for legs and joins.
 */
@NullMarked
package io.hoptoll.bench.accuracy;

import org.jspecify.annotations.NullMarked;
